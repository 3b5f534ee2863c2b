import { Command, CommanderError } from 'commander';
import { collected } from './cli/arguments';
import { tolerateClosedPipes } from './cli/closed-pipe';
import { addCompareCommand } from './cli/commands/compare';
import { addDemoCommand } from './cli/commands/demo';
import { addEndpointCommands } from './cli/commands/endpoint';
import { addLineageCommand } from './cli/commands/lineage';
import { addSandboxCommands } from './cli/commands/local-aws';
import { addRegistryCommands } from './cli/commands/registry';
import { addReleaseCommands } from './cli/commands/release';
import { addRunCommands } from './cli/commands/runs';
import { addScoreCommands } from './cli/commands/score';
import { exitCodes, runner } from './cli/run';

// The SDK warns at every start that some later version will need a newer Node.js; the one we ship runs on this one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

tolerateClosedPipes([process.stdout, process.stderr]);

const program = new Command('warmstart')
  .description(
    'Retrain, compare, approve and release the models behind a SageMaker multi-model endpoint, in every AWS account.',
  )
  .option('--project <path>', 'warmstart.json or its folder; looked for upwards from here when absent')
  .option(
    '--profile <name>',
    'the AWS profile, for all environments or as environment=name; may be repeated',
    collected,
  )
  .option('--json', 'one JSON object a line, for programs')
  .helpCommand(false)
  .showHelpAfterError('(see --help)')
  .exitOverride();

const run = runner(program);
addRunCommands(program, run);
addCompareCommand(program, run);
addRegistryCommands(program, run);
addReleaseCommands(program, run);
addEndpointCommands(program, run);
addLineageCommand(program, run);
addScoreCommands(program, run);
addSandboxCommands(program, run);
addDemoCommand(program, run);

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version end with 0; everything else that commander refuses is a wrong command line.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
});
