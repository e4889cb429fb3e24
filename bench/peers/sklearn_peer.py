"""scikit-learn: bootstrap. The percentile interval of an AUC of 10,000 cases by 2000 draws, healthy and diseased cases apart."""
import numpy as np
from sklearn.metrics import roc_auc_score

from common import serve

n = np.arange(10000)
label = n % 2
score = n * 7919 % 10007 / 10007 + 0.35 * label
groups = [np.nonzero(label == v)[0] for v in (0, 1)]


def repeat():
    rng = np.random.default_rng(1)
    areas = np.empty(2000)
    for k in range(2000):
        pick = np.concatenate([g[rng.integers(0, len(g), len(g))] for g in groups])
        areas[k] = roc_auc_score(label[pick], score[pick])
    return np.percentile(areas, [2.5, 97.5])


serve(repeat, note=lambda got: "%.5f %.5f" % tuple(got))
