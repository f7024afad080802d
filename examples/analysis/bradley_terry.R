# In a folder of results: Rscript bradley_terry.R
library(readr)

# The weak prior: each ability is drawn from a normal distribution with mean 0 and this standard deviation, on the scale
# of log-odds. It keeps the ability of a text that won or lost everything finite, and hardly moves the others. So the
# abilities have mean 0, and `se` is the standard error under this prior.
prior_sd <- 5

# An unquoted NA is missing, a quoted "NA" is a text or an ID. Only readr's first edition tells them apart, and only
# with `quoted_na`; IDs such as 007 stay texts.
results <- with_edition(1, read_csv("combined_results.csv", na = "NA", quoted_na = FALSE,
  col_types = cols(.default = col_character(), row = col_integer(), winner_pos = col_integer(), cost = col_double())))

# Pairs of a text with itself say nothing, and ties (position 0) are no wins.
judged <- results[results$ID1 != results$ID2 & results$winner_pos != 0, ]
loser <- ifelse(judged$winner_pos == 1, judged$ID2, judged$ID1)
ids <- sort(unique(c(judged$ID1, judged$ID2)))
wins <- unclass(table(winner = factor(judged$better_id, ids), loser = factor(loser, ids)))
games <- wins + t(wins)

# The most probable abilities, by Newton's method.
ability <- numeric(length(ids))
for (round in 1:1000) {
  p <- plogis(outer(ability, ability, "-"))
  information <- -games * p * (1 - p)
  diag(information) <- 1 / prior_sd^2 - rowSums(information)
  step <- solve(information, rowSums(wins) - rowSums(games * p) - ability / prior_sd^2)
  step <- step / max(1, abs(step))
  ability <- ability + step
  if (max(abs(step)) < 1e-10) break
}

# What the comparisons alone cannot tell. Two texts are in one group where a chain of edges leads from each to the other.
reached <- function(edges, start) {
  seen <- new <- seq_along(ids) == start
  while (any(new)) {
    new <- colSums(edges[new, , drop = FALSE]) > 0 & !seen
    seen <- seen | new
  }
  seen
}
in_largest_group <- function(edges, among) {
  group <- integer(length(ids))
  for (i in which(among)) {
    if (group[i] == 0) group[reached(edges, i) & reached(t(edges), i)] <- i
  }
  size <- tabulate(group, length(ids))
  among & group == which.max(size) & max(size) > 1
}
everyone <- rep(TRUE, length(ids))
connected <- in_largest_group(games > 0, everyone)
never_won <- rowSums(wins) == 0
never_lost <- colSums(wins) == 0
one_sided <- connected & !never_won & !never_lost & !in_largest_group(wins > 0, connected)
flags <- cbind(ifelse(connected, NA, "not connected"), ifelse(never_won, "never won", NA),
  ifelse(never_lost, "never lost", NA), ifelse(one_sided, "one-sided", NA))
flag <- apply(flags, 1, function(words) paste(words[!is.na(words)], collapse = ", "))

abilities <- data.frame(ID = ids, ability = unname(ability), se = unname(sqrt(diag(solve(information)))),
  wins = unname(rowSums(wins)), losses = unname(colSums(wins)), flag = flag)
abilities <- abilities[order(-abilities$ability), ]
print(abilities, row.names = FALSE)
write.csv(abilities, "abilities.csv", row.names = FALSE)
if (any(flag != "")) {
  cat("\nNot estimable from the comparisons alone, so the prior decides how far these stand from the others:\n")
  cat(paste0("  ", abilities$ID, ": ", abilities$flag)[abilities$flag != ""], sep = "\n")
  cat("\n")
}
