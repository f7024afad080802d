# In a folder of results: Rscript bradley_terry.R
library(readr)
library(BradleyTerry2)

# An unquoted NA is missing, a quoted "NA" is a text or an ID. Only readr's first edition tells them apart, and only
# with `quoted_na`; IDs such as 007 stay texts.
results <- with_edition(1, read_csv("combined_results.csv", na = "NA", quoted_na = FALSE,
  col_types = cols(.default = col_character(), row = col_integer(), winner_pos = col_integer(), cost = col_double())))

# Pairs of a text with itself say nothing.
judged <- results[results$ID1 != results$ID2, ]
loser <- ifelse(judged$winner_pos == 1, judged$ID2, judged$ID1)
ids <- sort(unique(c(judged$ID1, judged$ID2)))
wins <- table(winner = factor(judged$better_id, ids), loser = factor(loser, ids))

# The ability of the first ID is 0 by definition.
fit <- BTm(cbind(win1, win2), player1, player2, data = countsToBinomial(wins))
abilities <- data.frame(ID = rownames(BTabilities(fit)), BTabilities(fit), row.names = NULL)
print(abilities[order(-abilities$ability), ], row.names = FALSE)
write.csv(abilities, "abilities.csv", row.names = FALSE)
