# Fits the Bradley-Terry model to each table of tables.csv (table, a, b, share, count: what item a got of its judgements
# with b) with base R alone, and writes fits.csv; and positions.csv of cells.csv, where a stands first, in which the first
# position has an effect of its own. Where BradleyTerry2 is there, it says how far its own bias-reduced fit is.
tables <- read.csv("tables.csv")

# Which items can be reached from which, by edges.
reach <- function(edges) {
  reached <- edges | diag(nrow(edges)) > 0
  repeat {
    more <- (reached %*% reached) > 0
    if (all(more == reached)) return(reached)
    reached <- more
  }
}

# The covariance of abilities that sum to zero, of abilities of which the first is 0.
centre <- function(v) {
  n <- nrow(v) + 1
  full <- rbind(0, cbind(0, v))
  middle <- diag(n) - 1 / n
  middle %*% full %*% middle
}

likely <- function(x, share, count) {
  fit <- suppressWarnings(glm.fit(x, share / count, count, family = binomial(),
    control = glm.control(epsilon = 1e-15, maxit = 200)))
  theta <- fit$coefficients
  for (k in 1:20) { # glm stops by the deviance, which says little of the abilities
    p <- plogis(drop(x %*% theta))
    theta <- theta + solve(crossprod(x * sqrt(count * p * (1 - p))), crossprod(x, share - count * p))
  }
  p <- plogis(drop(x %*% theta))
  list(theta = drop(theta), v = solve(crossprod(x * sqrt(count * p * (1 - p)))))
}

climb <- function(x, share, count, theta) {
  for (k in 1:2000) {
    p <- plogis(drop(x %*% theta))
    w <- count * p * (1 - p)
    v <- solve(crossprod(x * sqrt(w)))
    h <- w * rowSums((x %*% v) * x)
    step <- drop(v %*% crossprod(x, share - count * p + h * (0.5 - p)))
    theta <- theta + step * min(0.5, 1 / max(abs(step))) # whole steps can go back and forth for ever
    if (max(abs(step)) < 1e-13) break
  }
  stopifnot(max(abs(step)) < 1e-11)
  r <- share - count * p
  phi <- if (nrow(x) > ncol(x)) sum(r^2 / w) / sum(1 - h) else 1
  list(theta = theta, v = v, sandwich = v %*% crossprod(x * sqrt(r^2 + phi * h * w)) %*% v,
    height = sum(share * log(p) + (count - share) * log1p(-p)) - determinant(v)$modulus / 2)
}

# The penalised likelihood can have more than one maximum, so several starts.
firth <- function(x, share, count) {
  best <- climb(x, share, count, numeric(ncol(x)))
  for (scale in c(4, 2, 0.2)) {
    other <- climb(x, share, count, best$theta * scale)
    if (other$height > best$height + 1e-6) best <- other
  }
  best
}

contrasts_of <- function(a, b, items) {
  x <- matrix(0, length(a), length(items))
  x[cbind(seq_along(a), match(a, items))] <- 1
  x[cbind(seq_along(b), match(b, items))] <- -1
  x[, -1, drop = FALSE]
}

centred <- function(theta) { full <- c(0, theta); full - mean(full) }

rows <- list()
worst <- 0
for (table in unique(tables$table)) {
  t <- tables[tables$table == table, ]
  items <- sort(unique(c(t$a, t$b)))
  n <- length(items)
  i <- match(t$a, items)
  j <- match(t$b, items)
  beats <- matrix(FALSE, n, n)
  beats[cbind(i, j)[t$share > 0, , drop = FALSE]] <- TRUE
  beats[cbind(j, i)[t$share < t$count, , drop = FALSE]] <- TRUE
  connected <- reach(beats | t(beats))
  strong <- reach(beats)
  strong <- strong & t(strong)
  out <- data.frame(table = table, item = items, ability = NA, se = NA, reduced = NA, se_reduced = NA, se_clustered = NA,
    size = rowSums(connected),
    height = NA)
  done <- rep(FALSE, n)
  for (first in seq_len(n)) {
    if (done[first]) next
    members <- which(connected[first, ])
    done[members] <- TRUE
    inside <- i %in% members
    x <- contrasts_of(i[inside], j[inside], members)
    fit <- firth(x, t$share[inside], t$count[inside])
    out$height[members] <- fit$height + log(length(members)) / 2 # of the determinant's two definitions
    out$reduced[members] <- centred(fit$theta)
    out$se_reduced[members] <- sqrt(diag(centre(fit$v)))
    out$se_clustered[members] <- sqrt(diag(centre(fit$sandwich)))
    if (requireNamespace("BradleyTerry2", quietly = TRUE) && n < 9 && all(t$share == round(t$share))) {
      d <- data.frame(win = t$share[inside], loss = (t$count - t$share)[inside])
      d$one <- factor(i[inside], members)
      d$two <- factor(j[inside], members)
      theirs <- suppressWarnings(suppressMessages(BradleyTerry2::BTm(cbind(win, loss), one, two, data = d, br = TRUE)))
      worst <- max(worst, abs(centred(unname(coef(theirs))) - centred(fit$theta)))
    }
    sizes <- sapply(members, function(m) sum(strong[m, members]))
    best <- members[which.max(sizes)]
    core <- members[strong[best, members]]
    if (length(core) > 1 && sum(sizes == length(core)) == length(core)) {
      inside <- i %in% core & j %in% core
      fit <- likely(contrasts_of(i[inside], j[inside], core), t$share[inside], t$count[inside])
      out$ability[core] <- centred(fit$theta)
      out$se[core] <- sqrt(diag(centre(fit$v)))
    }
  }
  rows[[length(rows) + 1]] <- out
}
rows <- do.call(rbind, rows)
rows[] <- lapply(rows, function(column) ifelse(is.na(column), "NA", sprintf("%.17g", column)))
write.csv(rows, "fits.csv", row.names = FALSE, quote = FALSE)
cat("BradleyTerry2 differs by at most", worst, "\n")

cells <- read.csv("cells.csv")
rows <- list()
for (table in unique(cells$table)) {
  t <- cells[cells$table == table, ]
  items <- sort(unique(c(t$a, t$b)))
  x <- cbind(contrasts_of(t$a, t$b, items), 1)
  last <- ncol(x)
  if (last > 20) next # each of the four starts takes long
  if (qr(x[, -last, drop = FALSE])$rank < last - 1) next # not connected
  out <- data.frame(table = table, effect = NA, se = NA, se_clustered = NA)
  if (qr(x)$rank == last) {
    fit <- firth(x, t$share, t$count)
    p <- plogis(drop(x %*% fit$theta))
    w <- t$count * p * (1 - p)
    r <- t$share - t$count * p
    h <- w * rowSums((x %*% fit$v) * x)
    free <- sum(1 - h)
    phi <- if (free > 0.5) sum(r^2 / w) / free else 1
    own <- drop(x %*% fit$v[, last])
    cluster <- paste(pmin(t$a, t$b), pmax(t$a, t$b))
    out$effect <- fit$theta[last]
    out$se <- sqrt(fit$v[last, last])
    out$se_clustered <- sqrt(sum(tapply(r * own, cluster, sum)^2) + phi * sum(h * w * own^2))
  }
  rows[[length(rows) + 1]] <- out
}
rows <- do.call(rbind, rows)
rows[] <- lapply(rows, function(column) ifelse(is.na(column), "NA", sprintf("%.17g", column)))
write.csv(rows, "positions.csv", row.names = FALSE, quote = FALSE)
