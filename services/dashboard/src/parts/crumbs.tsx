/** The way back. */
import { useServices } from '../services.ts';
import { Link } from './link.tsx';

/** @param props `run`, if given, is the page of the run above this one */
export function Crumbs(props: {
  readonly tenant: string;
  readonly pipeline: string;
  readonly run?: { readonly id: string; readonly name: string };
}) {
  const { navigation } = useServices();
  const { run } = props;
  return (
    <nav class="crumbs" aria-label="Breadcrumbs">
      <ol>
        <li>
          <Link href={navigation.href({ page: 'overview' })}>Pipelines</Link>
        </li>
        <li>
          {props.tenant} {props.pipeline}
        </li>
        {run !== undefined && (
          <li>
            <Link href={navigation.href({ page: 'buildset', id: run.id })}>
              <bdi>{run.name}</bdi>
            </Link>
          </li>
        )}
      </ol>
    </nav>
  );
}
