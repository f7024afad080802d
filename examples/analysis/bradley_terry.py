# In a folder of results: python bradley_terry.py
import numpy as np
import pandas as pd

# An unquoted NA is missing, a quoted "NA" is a text or an ID. pandas cannot tell them apart, so it is told where NA
# means missing: in the columns of numbers, and never in an ID. Everything else stays as it is written.
numbers = ["row", "winner_pos", "cost"]
results = pd.read_csv("combined_results.csv", dtype=str, keep_default_na=False, na_values={n: ["NA"] for n in numbers})
results[numbers] = results[numbers].apply(pd.to_numeric)

# Pairs of a text with itself say nothing.
judged = results[results["ID1"] != results["ID2"]]
loser = judged["ID2"].where(judged["winner_pos"] == 1, judged["ID1"])
ids = sorted(set(judged["ID1"]) | set(judged["ID2"]))
wins = pd.crosstab(judged["better_id"], loser).reindex(index=ids, columns=ids, fill_value=0).to_numpy()

# Maximum likelihood by Hunter's MM algorithm; the ability of the first ID is 0 by definition.
strength = np.ones(len(ids))
for _ in range(10_000):
    before = strength
    strength = wins.sum(axis=1) / ((wins + wins.T) / np.add.outer(strength, strength)).sum(axis=1)
    strength = strength / strength[0]
    if np.allclose(strength, before, rtol=1e-12, atol=0):
        break
abilities = pd.DataFrame({"ID": ids, "ability": np.log(strength)})
print(abilities.sort_values("ability", ascending=False).to_string(index=False))
abilities.to_csv("abilities.csv", index=False)
