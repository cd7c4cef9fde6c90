/** What can be wrong between definitions, or when jobs are frozen. */
import { anyOf, didYouMean, error, meanOr, quoted, warning } from '../problems.ts';

/** Sentences about names, rights, inheritance and dependencies. */
export const ofLayouts = {
  duplicateName: (type: string, name: string, first: string) =>
    error(
      'duplicate-name',
      `a ${type} named ${quoted(name)} is already defined at ${first}`,
      'Rename or remove one of them.',
    ),
  baseJobNotHere: (name: string) =>
    error(
      'not-permitted',
      `${quoted(name)} has \`parent: null\`; only the job \`base\` may have that outside the owner's configuration repository`,
      'Remove `parent: null`; the parent is then `base`.',
    ),
  foreignProject: (name: string, repository: string) =>
    error(
      'foreign-project',
      `this repository, ${repository}, may not configure ${quoted(name)}`,
      "Leave out `name`, or move the stanza to the owner's configuration repository.",
    ),
  pipelineTaken: (name: string) =>
    error(
      'not-permitted',
      `the pipeline ${quoted(name)} is defined in the owner's configuration repository and cannot be redefined here`,
      'Choose another name.',
    ),
  pipelineNotOnBranch: (name: string) =>
    warning(
      'no-effect',
      `the pipeline ${quoted(name)} has no effect: pipelines are read from the default branch only`,
    ),
  pipelineNotYet: (name: string) =>
    warning(
      'no-effect',
      `the pipeline ${quoted(name)} runs nothing yet: it exists once this change is merged`,
    ),
  foreignWorkflow: (name: string) =>
    error(
      'not-permitted',
      `the job ${quoted(name)} runs a workflow of another repository, which only the owner's configuration repository may set`,
      'Remove `repository`.',
    ),
  undefinedName: (type: string, name: string, known: Iterable<string>) =>
    error(
      `undefined-${type}`,
      `no ${type} is named ${quoted(name)}`,
      meanOr(name, known, `Define it, or correct the name.`),
    ),
  undefinedPipelineInTemplate: (name: string, known: Iterable<string>) =>
    warning('undefined-pipeline', `no pipeline is named ${quoted(name)}`, didYouMean(name, known)),
  undefinedQueue: (name: string, known: Iterable<string>) =>
    warning(
      'undefined-queue',
      `no queue is named ${quoted(name)}; the project gets a queue of its own`,
      didYouMean(name, known),
    ),
  undefinedDependency: (name: string, known: Iterable<string>) =>
    warning(
      'undefined-dependency',
      `no job is named ${quoted(name)}; a run that waits for it ends as a configuration error`,
      meanOr(name, known, 'Define it, or correct the name.'),
    ),
  undefinedSemaphore: (name: string, known: Iterable<string>) =>
    warning(
      'undefined-semaphore',
      `no semaphore is named ${quoted(name)}; it is taken to allow one holder`,
      didYouMean(name, known),
    ),
  brokenName: (type: string, name: string, where: string) =>
    error(
      'broken-definition',
      `the ${type} ${quoted(name)} is defined with an error at ${where}`,
      'Correct the error there.',
    ),
  unreadableFile: (path: string) =>
    error(
      'broken-definition',
      `the file ${quoted(path)} cannot be read, so that what it defines is unknown`,
      'Correct the error there.',
    ),
  ambiguousName: (type: string, name: string, repositories: readonly string[]) =>
    error(
      'ambiguous-name',
      `the ${type} ${quoted(name)} is defined in several other repositories: ${repositories.join(', ')}`,
      "Define it here or in the owner's configuration repository.",
    ),
  inheritanceLoop: (names: readonly string[]) =>
    error(
      'inheritance-loop',
      `a job inherits from itself: ${names.join(' → ')}`,
      'Change one of the `parent` attributes.',
    ),
  dependencyLoop: (names: readonly string[]) =>
    error(
      'dependency-loop',
      `jobs wait for each other: ${names.join(' → ')}`,
      'Remove one of the `dependencies`.',
    ),
  dependencyNotRun: (job: string, dependency: string) =>
    error(
      'dependency-not-run',
      `job ${quoted(job)} depends on ${quoted(dependency)} which was not run`,
      `Add ${quoted(dependency)} to the same pipeline, or make the dependency \`soft: true\`.`,
    ),
  abstractJob: (job: string) =>
    error(
      'abstract-job',
      `job ${quoted(job)} is abstract and may not be run directly`,
      'Use a job that inherits from it.',
    ),
  finalParent: (job: string, parent: string) =>
    error(
      'final-job',
      `job ${quoted(job)} inherits from ${quoted(parent)}, which is final`,
      'Choose another parent.',
    ),
  finalVariant: (job: string, attributes: readonly string[]) =>
    error(
      'final-job',
      `job ${quoted(job)} is final; ${anyOf(attributes)} cannot be changed`,
      'Change only attributes such as `voting`, `files` and `dependencies`.',
    ),
  protectedJob: (job: string, protectedName: string, repository: string) =>
    error(
      'protected-job',
      `job ${quoted(job)} builds on ${quoted(protectedName)}, which is protected in ${repository}`,
      'Choose another parent.',
    ),
  intermediateNotAbstract: (job: string) =>
    error(
      'intermediate-job',
      `job ${quoted(job)} is intermediate but not abstract`,
      'Add `abstract: true`.',
    ),
  intermediateParent: (job: string, parent: string) =>
    error(
      'intermediate-job',
      `job ${quoted(job)} inherits from ${quoted(parent)}, which is intermediate: only abstract jobs may`,
      'Choose another parent, or add `abstract: true`.',
    ),
  attributeFrozen: (job: string, attribute: string) =>
    error(
      'final-attribute',
      `job ${quoted(job)} changes ${quoted(attribute)}, which its parent has made final`,
      'Remove it.',
    ),
  nothingToRun: (job: string) =>
    error(
      'nothing-to-run',
      `job ${quoted(job)} says nowhere what to run`,
      'Add `run`, `http` or `workflow` to it or to its parent.',
    ),
  projectNotAllowed: (job: string, repository: string) =>
    error(
      'project-not-allowed',
      `${repository} is not among the \`allowed-projects\` of job ${quoted(job)}`,
      'Remove the job from this project, or add the project there.',
    ),
  postReviewJob: (job: string, pipeline: string) =>
    error(
      'post-review-job',
      `job ${quoted(job)} runs only in post-review pipelines, and ${quoted(pipeline)} is none`,
      'Move it to a pipeline with `post-review: true`.',
    ),
  preparationOfOther: (job: string, executor: string) =>
    error(
      'two-executors',
      `job ${quoted(job)} adds \`pre-run\` or \`post-run\` to a parent that runs through ${quoted(executor)}`,
      'Remove them, or replace the executor with `run`.',
    ),
} as const;
