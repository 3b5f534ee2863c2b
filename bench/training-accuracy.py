"""Compares the sandbox's training with real XGBoost: same data, same hyperparameters, tree_method=hist.

Run: python3 bench/training-accuracy.py [DATASET ...]   (needs numpy and xgboost; 1.7 reads the deprecated binary format)
Each DATASET is a folder with train.csv and test.csv, label first, as `retrain` exports it into the project's
.warmstart/datasets/<layer>/<model>/<run>; without one, made-up data for every objective.
Prints, per setting, validation metric of both and the spread of their ratio over seeds, and fails beyond 3 %.
"""
import json, os, subprocess, sys, tempfile, time
import numpy as np
import xgboost as xgb

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUNDS = 60
SEEDS = [1, 2, 3]
SETTINGS = {
    "depth 3": ("reg:squarederror", {"max_depth": 3}),
    "depth 6": ("reg:squarederror", {}),
    "depth 10": ("reg:squarederror", {"max_depth": 10}),
    "subsample": ("reg:squarederror", {"subsample": 0.6}),
    "colsample": ("reg:squarederror", {"colsample_bytree": 0.6, "colsample_bylevel": 0.8, "colsample_bynode": 0.8}),
    "lambda, alpha, gamma": ("reg:squarederror", {"lambda": 20, "alpha": 5, "gamma": 3}),
    "min_child_weight": ("reg:squarederror", {"min_child_weight": 40}),
    "max_delta_step": ("reg:squarederror", {"max_delta_step": 0.5}),
    "lossguide, 20 leaves": ("reg:squarederror", {"grow_policy": "lossguide", "max_leaves": 20, "max_depth": 0}),
    "forest of 4": ("reg:squarederror", {"num_parallel_tree": 4, "subsample": 0.7, "colsample_bynode": 0.7}),
    "monotone": ("reg:squarederror", {"monotone_constraints": "(1,0,-1)"}),
    "max_bin 32": ("reg:squarederror", {"max_bin": 32}),
    "absolute error": ("reg:absoluteerror", {}),
    "pseudo-Huber": ("reg:pseudohubererror", {}),
    "squared log error": ("reg:squaredlogerror", {}),
    "logistic": ("binary:logistic", {}),
    "logistic, weighted": ("binary:logistic", {"scale_pos_weight": 3, "max_depth": 4}),
    "logitraw": ("binary:logitraw", {}),
    "hinge": ("binary:hinge", {}),
    "poisson": ("count:poisson", {}),
    "gamma": ("reg:gamma", {}),
    "tweedie": ("reg:tweedie", {"tweedie_variance_power": 1.3}),
    "softprob": ("multi:softprob", {"num_class": 4, "max_depth": 4}),
    "softmax": ("multi:softmax", {"num_class": 4, "max_depth": 4}),
}
# Settings without random choices must agree closely, tree by tree.
COLUMNS = 10


def synthetic(objective, seed, rows):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, COLUMNS)).astype(np.float32)
    x[:, 3] = rng.integers(0, 12, rows)
    x[:, 4] = np.round(np.exp(x[:, 4]), 2)
    signal = 2 * x[:, 0] + np.sin(3 * x[:, 1]) * 2 - x[:, 2] * (x[:, 3] > 5) + 0.5 * x[:, 4] + rng.normal(size=rows)
    x[rng.random(x.shape) < 0.05] = np.nan
    name = objective.split(":")[1]
    if name in ("logistic", "logitraw", "hinge"):
        y = (signal > 1).astype(np.float32)
    elif name in ("softprob", "softmax"):
        y = np.digitize(signal, [-2, 0, 2])
    elif name == "poisson":
        y = rng.poisson(np.exp(np.clip(signal / 4, -3, 3)))
    elif name in ("gamma", "squaredlogerror"):
        y = np.exp(np.clip(signal / 4, -3, 3)) * rng.gamma(2, 0.5, rows) + 0.01
    elif name == "tweedie":
        y = rng.poisson(np.exp(np.clip(signal / 4, -3, 3))) * rng.gamma(2, 0.5, rows)
    else:
        y = signal
    return x, np.asarray(y, np.float32)


def exported(folder, part):
    table = np.genfromtxt(f"{folder}/{part}.csv", delimiter=",", dtype=np.float32)
    return table[:, 1:], table[:, 0]


def main():
    with tempfile.TemporaryDirectory() as directory:
        run(directory)


def run(directory):
    cases, truth = [], {}
    folders = dict(enumerate(sys.argv[1:], 1))
    settings = {label: setting for label, setting in SETTINGS.items()
                if not folders or setting[0] == "reg:squarederror" and label != "monotone"}
    seeds = list(folders) or SEEDS
    for label, (objective, extra) in settings.items():
        for seed in seeds:
            data = f"{objective.replace(':', '-')}-{seed}"
            sets = {}
            for part, rows, offset in (("train", 6000, 0), ("validation", 3000, 1000)):
                if folders:
                    x, y = exported(folders[seed], "train" if part == "train" else "test")
                else:
                    x, y = synthetic(objective, seed + offset, rows)
                np.column_stack([y, x]).astype(np.float32).tofile(f"{directory}/{data}-{part}.f32")
                sets[part] = xgb.DMatrix(x, y)
            params = {"objective": objective, "tree_method": "hist", "eta": 0.2, "seed": seed, **extra}
            hp = {k: str(v) for k, v in params.items()} | {"num_round": str(ROUNDS)}
            for version in ("1.7-1", "3.0-5"):
                cases.append({"name": f"{label}#{seed}#{version}", "data": data, "columns": x.shape[1],
                              "version": version, "hyperparameters": hp})
            log = {}
            start = time.time()
            booster = xgb.train({**params, "nthread": 1}, sets["train"], ROUNDS, evals=[(sets["validation"], "v")],
                                evals_result=log, verbose_eval=False)
            seconds = time.time() - start
            metric, series = list(log["v"].items())[-1]
            truth[label, seed] = (booster, sets, metric, series[-1], seconds)
    json.dump(cases, open(f"{directory}/cases.json", "w"))
    subprocess.run(["npx", "tsx", f"{ROOT}/bench/training-accuracy.ts", directory], cwd=ROOT, check=True)
    results = json.load(open(f"{directory}/results.json"))

    print(f"{'setting':22} {'metric':16} {'XGBoost':>9} {'ours':>9} {'ratio mean':>10} {'min':>7} {'max':>7}"
          f" {'same pred.':>10} {'s XGB':>6} {'s ours':>6}")
    worst, failures = 0, []
    for label in settings:
        ratios, agree, theirs, own, times = [], [], [], [], []
        for seed in seeds:
            booster, sets, metric, reference, seconds = truth[label, seed]
            name = f"{label}#{seed}#1.7-1"
            value = check_artifacts(directory, name, results, sets, metric, failures)
            ratios.append(value / reference)
            theirs.append(reference)
            own.append(value)
            ours = xgb.Booster(model_file=f"{directory}/{name}.model")
            p, q = (b.predict(sets["validation"], output_margin=True) for b in (booster, ours))
            agree.append(np.mean(np.abs(p - q) <= 1e-3 * np.std(p)))
            times.append((seconds, results[name]["seconds"]))
        worst = max(worst, abs(np.mean(ratios) - 1))
        t = np.mean(times, axis=0)
        print(f"{label:22} {metric:16} {np.mean(theirs):9.5f} {np.mean(own):9.5f} {np.mean(ratios):10.4f}"
              f" {min(ratios):7.4f} {max(ratios):7.4f} {np.mean(agree):10.1%} {t[0]:6.2f} {t[1]:6.2f}")
    print(f"worst mean deviation: {worst:.2%}")
    if failures:
        print("\n".join(failures))
    sys.exit(1 if failures or worst > 0.03 else 0)


def check_artifacts(directory, name, results, sets, metric, failures):
    """Real XGBoost must load both formats, and compute the metric that we reported."""
    for version in ("1.7-1", "3.0-5"):
        case = name.replace("1.7-1", version)
        path = f"{directory}/{case}.model"
        if version == "3.0-5":
            os.rename(path, path := path.replace(".model", ".ubj"))
        booster = xgb.Booster(model_file=path)
        booster.set_param({"eval_metric": metric})
        computed = float(booster.eval(sets["validation"]).split(":")[-1])
        reported = results[case]["metrics"].get(f"validation:{metric}")
        if reported is not None and abs(computed - reported) > 1e-5 * max(1, abs(computed)):
            failures.append(f"{case}: reported {metric} {reported}, XGBoost computes {computed}")
    return results[name]["metrics"][f"validation:{metric}"]


main()
