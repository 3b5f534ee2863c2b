"""Reads both histories by the notebooks' own lines: pandas_histories.py tuningjobhistory.csv evaluationhistory.csv"""

import sys

import pandas as pd

tuning_file, evaluation_file = sys.argv[1:]

eligible = pd.read_csv(tuning_file)
own = ["datetime", "tuningjob", "metric", "layer", "objective", "eval_metric", "eval_metric_value", "trainingjobcount"]
assert list(eligible.columns[:8]) == own, list(eligible.columns)
eligible = eligible[
    (eligible["layer"] == "flights")
    & (eligible["metric"] == "delay-atl")
    & (eligible["objective"] == "reg:squarederror")
    & (eligible["eval_metric"] == "validation:rmse")
    & (eligible["trainingjobcount"] > 1)
].sort_values(by="datetime", ascending=True)
count = len(eligible)
assert count == 1, eligible
assert eligible.iloc[(count - 1) : count, 1].iloc[0].startswith("ws-delay-atl-")
assert eligible["eval_metric_value"].iloc[0] > 0
pd.to_datetime(eligible["datetime"])

past = pd.read_csv(evaluation_file)
own = ["datetime", "testing", "trainingjob", "objective", "hyperparameter_tuning_metric", "mae", "rmse", "stdev_error"]
assert list(past.columns[:8]) == own, list(past.columns)
assert past["testing"].dtype == bool and not past["testing"].any()
assert (past[["mae", "rmse", "stdev_error"]] > 0).all(axis=None)
report = pd.DataFrame({"datetime": ["2023/06/22 12:00:00"], "testing": [True], "trainingjob": ["job"], "mae": [1.0]})
report = pd.concat([past, report], axis=0)
report.to_csv(evaluation_file, index=False)
assert len(pd.read_csv(evaluation_file)) == len(past) + 1
