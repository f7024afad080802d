# In a folder of results: python bradley_terry.py
import numpy as np
import pandas as pd

# The weak prior: each ability is drawn from a normal distribution with mean 0 and this standard deviation, on the scale
# of log-odds. It keeps the ability of a text that won or lost everything finite, and hardly moves the others. So the
# abilities have mean 0, and `se` is the standard error under this prior.
PRIOR_SD = 5

# An unquoted NA is missing, a quoted "NA" is a text or an ID. pandas cannot tell them apart, so it is told where NA
# means missing: in the columns of numbers, and never in an ID. Everything else stays as it is written.
numbers = ["row", "winner_pos", "cost"]
results = pd.read_csv("combined_results.csv", dtype=str, keep_default_na=False, na_values={n: ["NA"] for n in numbers})
results[numbers] = results[numbers].apply(pd.to_numeric)

# Pairs of a text with itself say nothing, and ties (position 0) are no wins.
judged = results[(results["ID1"] != results["ID2"]) & (results["winner_pos"] != 0)]
loser = judged["ID2"].where(judged["winner_pos"] == 1, judged["ID1"])
ids = sorted(set(judged["ID1"]) | set(judged["ID2"]))
wins = pd.crosstab(judged["better_id"], loser).reindex(index=ids, columns=ids, fill_value=0).to_numpy()
games = wins + wins.T

# The most probable abilities, by Newton's method.
ability = np.zeros(len(ids))
for _ in range(1_000):
    p = 1 / (1 + np.exp(np.subtract.outer(ability, ability).T))
    information = -games * p * (1 - p)
    np.fill_diagonal(information, 1 / PRIOR_SD**2 - information.sum(axis=1))
    step = np.linalg.solve(information, wins.sum(axis=1) - (games * p).sum(axis=1) - ability / PRIOR_SD**2)
    step = step / max(1, np.abs(step).max())
    ability = ability + step
    if np.abs(step).max() < 1e-10:
        break


# What the comparisons alone cannot tell. Two texts are in one group where a chain of edges leads from each to the other.
def reached(edges, start):
    seen = new = np.arange(len(ids)) == start
    while new.any():
        new = edges[new].any(axis=0) & ~seen
        seen = seen | new
    return seen


def in_largest_group(edges, among):
    group = np.full(len(ids), -1)
    for i in np.flatnonzero(among):
        if group[i] < 0:
            group[reached(edges, i) & reached(edges.T, i)] = i
    size = np.bincount(group[among], minlength=len(ids))
    return among & (group == size.argmax()) & (size.max() > 1)


connected = in_largest_group(games > 0, np.ones(len(ids), bool))
never_won = wins.sum(axis=1) == 0
never_lost = wins.sum(axis=0) == 0
one_sided = connected & ~never_won & ~never_lost & ~in_largest_group(wins > 0, connected)
flags = {"not connected": ~connected, "never won": never_won, "never lost": never_lost, "one-sided": one_sided}
flag = [", ".join(word for word, has in flags.items() if has[i]) for i in range(len(ids))]

abilities = pd.DataFrame({"ID": ids, "ability": ability, "se": np.sqrt(np.diag(np.linalg.inv(information))),
                          "wins": wins.sum(axis=1), "losses": wins.sum(axis=0), "flag": flag})
abilities = abilities.sort_values("ability", ascending=False)
print(abilities.to_string(index=False))
abilities.to_csv("abilities.csv", index=False)
if any(flag):
    print("\nNot estimable from the comparisons alone, so the prior decides how far these stand from the others:")
    for row in abilities[abilities["flag"] != ""].itertuples():
        print(f"  {row.ID}: {row.flag}")
