import { ServiceError } from '../service';

/** SageMaker answers most refusals, and most missing resources too, as a ValidationException. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUse', message);
}

export function resourceNotFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFound', message);
}

export function conflict(message: string): ServiceError {
  return new ServiceError('ConflictException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('ResourceLimitExceeded', message);
}

/** As IAM words a refusal by a resource of another account. */
export function accessDenied(principal: string, action: string, resource: string): ServiceError {
  return new ServiceError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no resource-based policy allows the ${action} action`,
  );
}
