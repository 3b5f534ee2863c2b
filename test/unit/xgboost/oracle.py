"""Draws random models with real XGBoost, saves each in every format, and scores each saved file as SageMaker's container does.

Usage: oracle.py <folder> <seed> <models>. Leaves <folder>/manifest.json and the files that it names.
"""

import json
import os
import pickle
import sys
import warnings

import numpy as np
import xgboost as xgb

warnings.filterwarnings("ignore")
xgb.set_config(verbosity=0)
folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random = np.random.default_rng(seed)

OBJECTIVES = [
    "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:logistic",
    "reg:gamma", "reg:tweedie", "reg:linear", "binary:logistic", "binary:logitraw", "binary:hinge", "count:poisson",
    "multi:softmax", "multi:softprob", "rank:pairwise", "rank:ndcg", "rank:map", "survival:aft", "survival:cox",
]


def pick(*choices):
    return choices[random.integers(len(choices))]


def labels_for(objective, signal, classes):
    if objective.startswith("multi:"):
        return np.clip(np.digitize(signal, np.linspace(-1.5, 1.5, classes - 1)), 0, classes - 1)
    if objective in ("reg:logistic", "binary:logistic", "binary:logitraw", "binary:hinge"):
        return (signal > 0).astype(float)
    if objective.startswith("rank:"):
        return (signal > 0.5).astype(int)
    if objective == "reg:squarederror" or objective == "reg:linear":
        return signal * pick(1.0, 1e-6, 1e6)
    if objective == "survival:cox":
        return np.where(random.random(len(signal)) < 0.3, -1, 1) * np.exp(signal / 3)
    if objective == "count:poisson":
        return random.poisson(np.exp(np.clip(signal / 2, -3, 3)))
    return np.exp(np.clip(signal / 3, -4, 4))


def draw(index):
    objective = OBJECTIVES[index % len(OBJECTIVES)]
    booster = pick("gbtree", "gbtree", "gbtree", "gbtree", "dart", "gblinear")
    if objective == "reg:absoluteerror" and booster == "gblinear":
        booster = "gbtree"
    rows, columns, classes = int(random.integers(60, 400)), int(random.integers(2, 14)), int(random.integers(2, 6))
    x = (random.normal(size=(rows, columns)) * pick(1, 1, 1e-3, 1e4)).astype(np.float32)
    kinds = ["c" if booster != "gblinear" and random.random() < 0.3 else "q" for _ in range(columns)]
    categorical = "c" in kinds and random.random() < 0.5
    if categorical:
        for column in [c for c in range(columns) if kinds[c] == "c"]:
            x[:, column] = random.integers(0, pick(3, 12, 60), rows)
    signal = np.nan_to_num(x[:, 0] / (np.std(x[:, 0]) + 1e-9) + np.sin(x[:, -1])) + random.normal(size=rows) / 3
    x[random.random(x.shape) < pick(0, 0.05, 0.3)] = np.nan
    targets = 3 if objective == "reg:squarederror" and booster == "gbtree" and random.random() < 0.5 else 1
    y = labels_for(objective, signal, classes)
    if targets > 1:
        y = np.stack([y, -y, y * y], axis=1)
    parameters = {
        "objective": objective, "booster": booster, "nthread": 1, "seed": int(random.integers(1 << 30)),
        "max_depth": int(random.integers(1, 9)), "eta": float(random.random() * 0.9 + 0.05),
        "lambda": float(random.random() * 3),
    }
    if random.random() < 0.6:
        parameters["base_score"] = float(np.float32(random.random() * 0.98 + 0.01))
    if objective.startswith("multi:"):
        parameters["num_class"] = classes
    if booster != "gblinear":
        parameters["tree_method"] = pick("hist", "approx") if categorical or targets > 1 else pick("hist", "approx", "exact")
        parameters["subsample"] = pick(1.0, 0.7)
        parameters["num_parallel_tree"] = pick(1, 1, 1, 3)
        if categorical:
            parameters["max_cat_to_onehot"] = int(pick(1, 4, 100))
        if parameters["tree_method"] == "hist" and random.random() < 0.3:
            parameters.update(grow_policy="lossguide", max_leaves=int(random.integers(2, 40)))
    if booster == "dart":
        parameters.update(rate_drop=0.4, normalize_type=pick("tree", "forest"), sample_type=pick("uniform", "weighted"))
    options = {"feature_types": kinds, "enable_categorical": True} if categorical else {}
    data = xgb.DMatrix(x, label=None if objective == "survival:aft" else y, **options)
    if objective == "survival:aft":
        data.set_float_info("label_lower_bound", y)
        data.set_float_info("label_upper_bound", y * pick(1.0, 2.0))
    if objective.startswith("rank:"):
        data.set_group([20] * (rows // 20) + ([rows % 20] if rows % 20 else []))
    stop = objective in ("binary:logistic", "reg:squarederror", "multi:softprob") and booster == "gbtree" and random.random() < 0.6
    trained = xgb.train(
        parameters, data, int(random.integers(1, 15)),
        evals=[(data, "train")] if stop else [], early_stopping_rounds=2 if stop else None, verbose_eval=False,
    )
    test = np.concatenate([x[: rows // 2], (x[: rows // 2] * 1.5 - 0.25).astype(np.float32)])
    test[random.random(test.shape) < 0.02] = pick(0.0, -0.0, 1e30, -1e30, 3e-42)
    return trained, test, categorical, {**parameters, "rounds": trained.num_boosted_rounds(), "rows": rows, "columns": columns}


def score(booster, rows):
    data = xgb.DMatrix(rows)
    limit = getattr(booster, "best_ntree_limit", 0)
    return [booster.predict(data, ntree_limit=limit, output_margin=margin, validate_features=False).astype(np.float32) for margin in (False, True)]


manifest = []
for index in range(count):
    booster, test, categorical, about = draw(index)
    name = f"{index}"
    short = test[:, :-1] if random.random() < 0.15 and test.shape[1] > 1 else test
    entry = {"name": name, "about": about, "columns": int(short.shape[1]), "cuda": xgb.build_info()["USE_CUDA"], "files": []}
    np.ascontiguousarray(short).tofile(f"{folder}/{name}.rows")
    for format in ("json", "ubj", "deprecated", "pkl"):
        if categorical and format == "deprecated":
            continue
        # Without extension, as in the container: the library tells the formats apart by their first bytes.
        file = f"{folder}/{name}-{format}"
        if format == "pkl":
            with open(file, "wb") as out:
                pickle.dump(booster, out, protocol=pick(2, 3, 4, 5))
            with open(file, "rb") as saved:
                loaded = pickle.load(saved)
        else:
            booster.save_model(f"{file}.{format}")
            os.rename(f"{file}.{format}", file)
            loaded = xgb.Booster()
            loaded.load_model(file)
        loaded.set_param({"nthread": 1})
        predictions, margins = score(loaded, short)
        predictions.tofile(f"{file}.predictions")
        margins.tofile(f"{file}.margins")
        entry["files"].append(f"{name}-{format}")
    manifest.append(entry)
with open(f"{folder}/manifest.json", "w") as out:
    json.dump(manifest, out)
