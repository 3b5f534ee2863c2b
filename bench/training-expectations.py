"""Records what real XGBoost trains on small data without random choices, for the unit tests.

Run: python3 bench/training-expectations.py   (needs numpy and xgboost 1.7)
Writes test/fixtures/training/xgboost-1.7.json: rows, labels per objective, and per setting the margins that
XGBoost predicts and the metric it reports. Values are few and distinct, so that every one gets its own bin.
"""
import json, os
import numpy as np
import xgboost as xgb

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROWS, ROUNDS, SHOWN = 300, 12, 40
SETTINGS = {
    "plain": ("squarederror", "reg:squarederror", {}),
    "regularised": ("squarederror", "reg:squarederror", {"lambda": 3, "alpha": 1.5, "gamma": 2, "min_child_weight": 6}),
    "deep": ("squarederror", "reg:squarederror", {"max_depth": 12, "eta": 0.1}),
    "limited steps": ("squarederror", "reg:squarederror", {"max_delta_step": 0.4}),
    "lossguide": ("squarederror", "reg:squarederror", {"grow_policy": "lossguide", "max_leaves": 9, "max_depth": 0}),
    "monotone": ("squarederror", "reg:squarederror", {"monotone_constraints": "(1,-1,0,0)"}),
    "16 bins": ("squarederror", "reg:squarederror", {"max_bin": 16}),
    "weighted rows": ("squarederror", "reg:squarederror", {"max_bin": 16}),
    "weighted median": ("squarederror", "reg:absoluteerror", {}),
    "base_score": ("squarederror", "reg:squarederror", {"base_score": 4}),
    "absolute error": ("squarederror", "reg:absoluteerror", {}),
    "pseudo-Huber": ("squarederror", "reg:pseudohubererror", {}),
    "logistic": ("logistic", "binary:logistic", {"eval_metric": ["logloss", "error", "auc", "aucpr"]}),
    "imbalanced": ("logistic", "binary:logistic", {"scale_pos_weight": 4}),
    "logitraw": ("logistic", "binary:logitraw", {}),
    "hinge": ("logistic", "binary:hinge", {}),
    "poisson": ("count", "count:poisson", {}),
    "tweedie": ("count", "reg:tweedie", {"tweedie_variance_power": 1.4}),
    "gamma": ("positive", "reg:gamma", {"eval_metric": ["gamma-nloglik", "gamma-deviance", "mape"]}),
    "squared log error": ("positive", "reg:squaredlogerror", {}),
    "softprob": ("classes", "multi:softprob", {"num_class": 3, "eval_metric": ["mlogloss", "merror"]}),
}


def data():
    rng = np.random.default_rng(7)
    x = np.column_stack([
        np.round(rng.normal(size=ROWS), 1), rng.integers(0, 6, ROWS), np.round(rng.random(ROWS), 2),
        np.round(rng.exponential(size=ROWS), 1),
    ]).astype(np.float32)
    signal = 2 * x[:, 0] - x[:, 1] + np.sin(6 * x[:, 2]) * 2 + rng.normal(size=ROWS)
    x[rng.random(x.shape) < 0.1] = np.nan
    labels = {
        "squarederror": np.round(signal, 2),
        "logistic": (signal > -2).astype(float),
        "count": rng.poisson(np.exp(signal / 5)),
        "positive": np.round(np.exp(signal / 5) * rng.gamma(2, 0.5, ROWS) + 0.1, 2),
        "classes": np.digitize(signal, [-3, 0]),
    }
    return x, {name: y.astype(np.float32) for name, y in labels.items()}


def main():
    x, labels = data()
    settings = []
    for name, (target, objective, extra) in SETTINGS.items():
        weights = 0.5 + np.arange(ROWS) % 4 / 2 if name.startswith("weighted") else None
        train, validation = (xgb.DMatrix(x[s], labels[target][s], weight=None if weights is None else weights[s])
                             for s in (slice(0, 200), slice(200, ROWS)))
        log = {}
        params = {"objective": objective, "tree_method": "hist", **extra}
        booster = xgb.train(params, train, ROUNDS, evals=[(validation, "validation")], evals_result=log, verbose_eval=False)
        margins = booster.predict(validation, output_margin=True).reshape(-1)[:SHOWN]
        hp = {k: ",".join(v) if isinstance(v, list) else str(v) for k, v in params.items()}
        settings.append({
            "name": name, "target": target, "weighted": name.startswith("weighted"), "hyperparameters": {**hp, "num_round": str(ROUNDS)},
            "metrics": {k: round(v[-1], 6) for k, v in log["validation"].items()},
            "margins": [round(float(m), 5) for m in margins],
        })
    document = {
        "columns": x.shape[1], "trainRows": 200,
        "values": [None if np.isnan(v) else round(float(v), 2) for v in x.reshape(-1)],
        "labels": {k: [round(float(v), 2) for v in y] for k, y in labels.items()},
        "settings": settings,
    }
    path = os.path.join(ROOT, "test/fixtures/training/xgboost-1.7.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")


main()
