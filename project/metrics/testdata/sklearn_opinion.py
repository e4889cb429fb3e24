"""Kappa, AUC and the ROC curve by scikit-learn, as an independent opinion. See sklearn_test.go. Reads JSON on standard input, prints JSON."""
import json
import sys

import numpy as np
from sklearn.metrics import cohen_kappa_score, matthews_corrcoef, roc_auc_score

out = []
for case in json.load(sys.stdin):
    a, b = case["a"], case["b"]
    labels = list(range(case["levels"]))
    y = np.array(case["y"])
    out.append({
        "kappa": [cohen_kappa_score(a, b, labels=labels, weights=w) for w in (None, "linear", "quadratic")],
        "auc": roc_auc_score(y, case["score"]),
        "partial": roc_auc_score(y, case["score"], max_fpr=0.3),
        "mcc": matthews_corrcoef(y, np.array(case["score"]) >= 3),
    })
json.dump(out, sys.stdout)
