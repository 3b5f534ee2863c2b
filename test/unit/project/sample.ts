/** The project file of the documentation, complete enough to load. */
export const sample = `{
  // Two accounts: one trains and holds the registry, one serves.
  "registry": "training",
  "environments": {
    "training": { "accountId": "111111111111", "region": "us-east-1", "profile": "acme-ds", "bucket": "acme-ds-ml",
                  "executionRoleArn": "arn:aws:iam::111111111111:role/SageMakerExecution" },
    "qa": { "accountId": "222222222222", "region": "us-east-1", "profile": "acme-qa", "bucket": "acme-qa-ml",
            "executionRoleArn": "arn:aws:iam::222222222222:role/SageMakerExecution",
            "promote": { "requires": "pending" } },
    "production": { "accountId": "333333333333", "region": "us-east-1", "profile": "acme-prod", "bucket": "acme-prod-ml",
                    "executionRoleArn": "arn:aws:iam::333333333333:role/SageMakerExecution",
                    "protected": true, "promote": { "requires": "approved", "after": "qa" } }
  },
  "warehouse": { "kind": "postgres", "host": "dw.example.com", "port": 5432, "database": "dw", "user": "ml_reader",
                 "searchPath": "analytics", "ssl": "verify-full", "password": { "from": "secretStorage" } },
  "endpoints": {
    "flights": { "variant": { "name": "AllTraffic", "instanceType": "ml.m5.large", "instanceCount": 2 },
                 "environments": { "qa": { "instanceType": "ml.t2.medium", "instanceCount": 1 } } },
  },
  "models": {
    "delay-ord": {
      "endpoint": "flights", "layer": "flights", "packageGroup": "flights-delay-ord",
      "data": { "query": "sql/delay.sql", "parameters": { "hub": "ORD" }, "label": "delay",
                "window": { "from": "2000-01-01", "pushbackDays": 30 },
                "split": { "by": "time", "column": "flight_date", "test": 0.1, "validation": 0.1 } },
      "training": { "algorithm": "xgboost", "version": "1.7-1", "objective": "reg:squarederror",
                    "instanceType": "ml.m5.xlarge" },
      "tuning": { "metric": "validation:rmse", "maxJobs": 10, "maxParallelJobs": 3, "strategy": "Bayesian",
                  "ranges": { "eta": { "min": 0.1, "max": 0.5, "scaling": "Logarithmic" },
                              "num_round": { "min": 50, "max": 500 } },
                  "warmStart": { "type": "TransferLearning", "parents": 1, "from": "latest-not-rejected" } },
      "evaluation": { "engine": "auto", "metrics": ["mae", "rmse", "stdev_error"],
                      "gates": [ { "metric": "rmse", "maxRegressionPercent": 2 } ] }
    }
  }
}
`;
