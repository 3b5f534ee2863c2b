/** How long AWS takes, in AWS seconds. Measured times vary; these are typical. */
export const seconds = {
  /** One step of Pending → InProgress → Completed. */
  packageStep: 2,
  /** Instances start, the image is pulled, the container answers its ping. */
  fleetStart: 180,
  /** The load balancer takes a new fleet in. */
  trafficShift: 20,
  /** Instances of a fleet that serves no more end. */
  fleetStop: 40,
  endpointDelete: 20,
  scale: 60,
  /** A training job's instance is found, started and prepared. */
  trainingStart: 40,
  trainingDownload: 10,
  trainingUpload: 10,
  /** A tuning job plans its first training jobs. */
  tuningStart: 10,
  /** A warm start reads the parents' results first. */
  warmStart: 20,
  stop: 10,
  transformStart: 90,
  transformUpload: 20,
  processingStart: 60,
};
