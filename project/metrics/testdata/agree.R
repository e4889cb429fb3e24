# Second opinions on random studies, by R: Cohen's kappa with its ASE (vcd), intraclass correlations (psych), AUC, DeLong's variance and paired test, partial areas (pROC),
# McNemar's exact probability (stats). Reads JSON-free text: one line a study, of the form "kind numbers", and prints the answers in the same order.
suppressWarnings(suppressMessages({ library(vcd); library(psych); library(pROC) }))
show <- function(...) cat(sprintf("%.15g", c(...)), "\n")
for (line in readLines(file("stdin"))) {
  words <- strsplit(line, " ")[[1]]
  v <- suppressWarnings(as.numeric(words[-1]))
  if (words[1] == "kappa") {                                  # levels, then the table by rows
    t <- matrix(v[-1], nrow = v[1], byrow = TRUE)
    plain <- Kappa(t); linear <- Kappa(t, weights = "Equal-Spacing"); quad <- Kappa(t, weights = "Fleiss-Cohen")
    show(plain$Unweighted, linear$Weighted, quad$Weighted)
  } else if (words[1] == "icc") {                             # readers, then the ratings by units
    r <- suppressWarnings(suppressMessages(ICC(matrix(v[-1], ncol = v[1], byrow = TRUE), lmer = FALSE)))$results
    show(r$ICC, r[["lower bound"]][1:3], r[["upper bound"]][1:3])
  } else if (words[1] == "roc") {                             # cases, then labels, scores, other scores
    n <- v[1]; y <- v[1 + 1:n]; a <- v[1 + n + 1:n]; b <- v[1 + 2 * n + 1:n]
    ra <- roc(y, a, levels = c(0, 1), direction = "<", quiet = TRUE); rb <- roc(y, b, levels = c(0, 1), direction = "<", quiet = TRUE)
    paired <- roc.test(ra, rb, method = "delong", paired = TRUE)
    show(auc(ra), var(ra, method = "delong"), ci.auc(ra, method = "delong")[c(1, 3)], paired$statistic, paired$p.value,
      auc(ra, partial.auc = c(1, 0.8)), suppressWarnings(auc(ra, partial.auc = c(1, 0.8), partial.auc.correct = TRUE)),
      auc(ra, partial.auc = c(1, 0.7), partial.auc.focus = "sens"), suppressWarnings(auc(ra, partial.auc = c(1, 0.7), partial.auc.focus = "sens", partial.auc.correct = TRUE)))
  } else if (words[1] == "mcnemar") {                         # only first, only second
    show(if (sum(v) == 0) 1 else binom.test(v[1], sum(v), 0.5)$p.value)
  }
}
