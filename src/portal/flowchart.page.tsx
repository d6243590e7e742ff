import type { PowerRow } from '../../projections/registers/rows';
import { stageName, type Flowchart, type FlowchartNode } from '../enforcement/flowchart';
import type { Bilingual } from '../kernel/errors';
import { Fields, Heading, Zh } from './building-blocks';
import { useView } from './view';

/**
 * The procedure of a power as the program enforces it: stage after stage, each step with the seven elements 流程图七要素 (B05).
 */
export function FlowchartPage({ power, chart }: { power: PowerRow; chart: Flowchart }) {
  const { t, say } = useView();
  return (
    <>
      <Heading title={<>{say(chart)}</>} lead={t('flowchart.lead')}>
        <p className="kicker">
          <Zh>{power.name}</Zh> · <Zh>{chart.basis}</Zh> · {t('flowchart.on', chart.on)}
        </p>
      </Heading>
      <ol className="flow">
        {chart.stages.map((stage) => (
          <li key={stage.stage}>
            <h2>{say(stage)}</h2>
            {stage.nodes.map((node) => (
              <Step key={node.command} node={node} />
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

function Step({ node }: { node: FlowchartNode }) {
  const { t, say } = useView();
  return (
    <details>
      <summary>
        <strong>{say(node)}</strong> <span className="by">{say(node.post)}</span>
      </summary>
      <Fields
        of={[
          [t('flowchart.conditions'), <Each key="conditions" of={node.conditions} />],
          [t('flowchart.post'), say(node.post)],
          [t('flowchart.interface'), node.to.map((stage) => `→ ${say(stageName(stage))}`).join(' ')],
          [
            t('flowchart.limits'),
            <ul key="limits">
              {node.limits.map((limit) => (
                <li key={limit.zh}>
                  {say(limit)} <Zh>（{limit.basis}）</Zh>
                </li>
              ))}
            </ul>,
          ],
          [t('flowchart.supervision'), <Each key="supervision" of={node.supervision} />],
          [t('flowchart.rights'), <Each key="rights" of={node.rights} />],
          [t('flowchart.complaints'), say(node.complaints)],
          [t('notice.basis'), <Zh key="basis">{node.basis}</Zh>],
        ]}
      />
    </details>
  );
}

function Each({ of }: { of: readonly Bilingual[] }) {
  const { say } = useView();
  return (
    <ul>
      {of.map((text) => (
        <li key={text.zh}>{say(text)}</li>
      ))}
    </ul>
  );
}
