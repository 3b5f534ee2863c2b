import { messageOf } from '../../errors';
import { checkModelData } from './artifacts';
import type { Context } from './context';
import { findImage } from './images';
import { containersOf } from './models';
import type { FleetSpec, VariantSpec } from './records';
import { asRole } from './roles';

/**
 * Why a new fleet does not come up, as DescribeEndpoint's `FailureReason` words it; undefined when it is healthy.
 * A multi-model container answers its ping whatever its artifacts hold: they are loaded with the first call.
 */
export async function fleetProblem(context: Context, fleet: FleetSpec): Promise<string | undefined> {
  for (const variant of fleet.variants) {
    const problem = await variantProblem(context, fleet, variant);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function variantProblem(
  context: Context,
  fleet: FleetSpec,
  variant: VariantSpec,
): Promise<string | undefined> {
  const { ExecutionRoleArn = '' } = variant.model;
  const role = asRole(ExecutionRoleArn, fleet.region);
  for (const container of containersOf(variant.model)) {
    const { Image = '', ModelDataUrl: url } = container;
    const multi = container.Mode === 'MultiModel';
    const image = findImage(Image);
    if (image.kind === 'missing-tag')
      return `The image "${Image}" of production variant ${variant.name} does not exist. Please check the image tag.`;
    if (image.kind === 'unknown-repository' || (multi && !image.multiModel)) return noPing(variant.name);
    if (url === undefined) continue;
    try {
      await checkModelData(context.objects, role, ExecutionRoleArn, url, multi);
    } catch (error) {
      return (
        `Failed to download model data for production variant ${variant.name} from URL: "${url}". Please ensure ` +
        'that there is an object located at the URL and that the role passed to CreateModel has permissions to ' +
        `download the object. (${messageOf(error)})`
      );
    }
    if (!multi && (await context.fleets.loadProblem(role, url, image.version)) !== undefined) {
      return noPing(variant.name);
    }
  }
  return undefined;
}

function noPing(variant: string): string {
  return (
    `The primary container for production variant ${variant} did not pass the ping health check. ` +
    'Please check CloudWatch logs for this endpoint.'
  );
}
