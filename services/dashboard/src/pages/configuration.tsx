/** What is wrong with configurations as they stand: holds nobody up, and must be seen somewhere. */
import type { ConfigurationView, StandingProblemView } from '@gatehouse/contracts';
import { Problem } from '../parts/problem.tsx';
import { StatusIcon } from '../parts/status-mark.tsx';
import { webLink } from '../view/change.ts';
import { branchesOf, errorsWord, placeOf, sectionOf } from '../view/configuration.ts';

/** What the link in the page's head leads to. */
const ID = 'configuration';

/** In the page's head, where it moves nothing when it comes and goes; nothing without errors. */
export function ConfigurationLink({
  configuration,
}: {
  readonly configuration: ConfigurationView;
}) {
  const { errors_count } = configuration;
  if (errors_count === 0) return null;
  return (
    <a class="configuration-link bad" href={`#${ID}`}>
      <StatusIcon status={{ word: errorsWord(errors_count), tone: 'bad', icon: 'alert' }} />
      <span>
        {errors_count} <span class="when-wide">{errorsWord(errors_count)}</span>
      </span>
    </a>
  );
}

/** After everything else, so that nothing above it moves; nothing when there is nothing to say. */
export function ConfigurationPanel(props: { readonly configuration: ConfigurationView }) {
  const section = sectionOf(props.configuration);
  if (section === null) return null;
  return (
    <section id={ID} class="panel configuration" aria-labelledby={`${ID}-head`} tabIndex={-1}>
      <div class="panel-head">
        <h2 id={`${ID}-head`}>Configuration</h2>
        <span class="quiet">{section.summary}</span>
      </div>
      <p class="quiet">{section.about}</p>
      <List problems={section.errors} />
      {section.folds.map(({ title, problems }) => (
        <details key={title.replace(/^\d+/, '')}>
          <summary>{title}</summary>
          <List problems={problems} />
        </details>
      ))}
      {section.rest !== null && <p class="quiet">{section.rest}</p>}
    </section>
  );
}

function List({ problems }: { readonly problems: readonly StandingProblemView[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map((problem) => (
        <Problem key={keyOf(problem)} problem={problem}>
          <Place problem={problem} /> <Branches problem={problem} />
        </Problem>
      ))}
    </ul>
  );
}

function keyOf({ repository, path, line, level, message, remedy }: StandingProblemView): string {
  return JSON.stringify([repository, path, line, level, message, remedy]);
}

/** Leads to the place on GitHub. */
function Place({ problem }: { readonly problem: StandingProblemView }) {
  const name = (
    <bdi>
      <code>{placeOf(problem)}</code>
    </bdi>
  );
  const href = webLink(problem.url);
  return href === null ? name : <a href={href}>{name}</a>;
}

function Branches({ problem }: { readonly problem: StandingProblemView }) {
  const text = branchesOf(problem);
  if (text === null) return null;
  return (
    <bdi class="quiet" title={problem.other_branches.join(', ')}>
      {text}
    </bdi>
  );
}
