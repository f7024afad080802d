# What R draws for designs and orders: functions/src/test/resources/pairing/r-draws.txt. Only base R is used.

every <- function(n) {
  first <- rep(seq_len(n - 1), (n - 1):1)
  cbind(first, unlist(lapply(seq_len(n - 1), function(i) (i + 1):n)))
}

# The pair at a place among all pairs, without all of them.
pair <- function(n, place) {
  starts <- c(0, cumsum(as.numeric((n - 1):1)))
  first <- findInterval(place - 1, starts)
  cbind(first, first + place - starts[first])
}

draw <- function(n, share, most, seed) {
  all <- n * (n - 1) / 2
  k <- min(floor(share * all), most)
  if (k == all) return(every(n))
  set.seed(seed)
  pair(n, sample.int(all, k))
}

by_chance <- function(pairs, seed) {
  force(pairs)
  set.seed(seed)
  swap <- runif(nrow(pairs)) < 0.5
  pairs[swap, ] <- pairs[swap, 2:1]
  pairs
}

alternating <- function(pairs) {
  swap <- seq_len(nrow(pairs)) %% 2 == 0
  pairs[swap, ] <- pairs[swap, 2:1]
  pairs
}

say <- function(what, pairs) cat(what, " : ", paste(pairs[, 1], pairs[, 2], sep = "-", collapse = " "), "\n", sep = "")

for (seed in c(1:15, 42, 123, 2026, 99999, .Machine$integer.max)) {
  say(paste("random 12 100 20", seed, "as_given"), draw(12, 1, 20, seed))
  say(paste("random 12 7 20", seed, "as_given"), draw(12, 0.07, 20, seed))
  say(paste("random 12 100 66", seed, "random"), by_chance(draw(12, 1, 66, seed), seed))
  say(paste("random 9 100 11", seed, "random"), by_chance(draw(9, 1, 11, seed), seed))
  say(paste("random 9 100 11", seed, "alternate"), alternating(draw(9, 1, 11, seed)))
  say(paste("random 300 100 5", seed, "as_given"), draw(300, 1, 5, seed))
  say(paste("random 5000 100 8", seed, "as_given"), draw(5000, 1, 8, seed))
  say(paste("random 120000 100 4", seed, "as_given"), draw(120000, 1, 4, seed))
}
