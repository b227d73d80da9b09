import { useServices, useSetting } from '../services.ts';
import { Panel } from '../ui/panel.tsx';
import { bpsText, readPercent, readSol } from './readings.ts';
import { TextSetting } from './text-setting.tsx';

/** What trades begin with. */
export function TradingSettings() {
  const { settings } = useServices();
  const slippageBps = useSetting((all) => all.slippageBps);
  const impactWarningBps = useSetting((all) => all.impactWarningBps);
  const quickBuy = useSetting((all) => all.quickBuy);
  return (
    <Panel title="Trading">
      <div className="panel-body settings-list">
        <TextSetting
          label="Slippage"
          hint="A trade that would come out worse than its quote by more than this is refused."
          unit="%"
          text={bpsText(slippageBps)}
          read={readPercent}
          onStore={(bps) => settings.setState({ slippageBps: bps })}
        />
        <TextSetting
          label="Impact warning"
          hint="You are warned of a trade that moves the price by this much or more."
          unit="%"
          text={bpsText(impactWarningBps)}
          read={readPercent}
          onStore={(bps) => settings.setState({ impactWarningBps: bps })}
        />
        <TextSetting
          label="Quick buy"
          hint="What one press on the board spends."
          unit="SOL"
          text={quickBuy}
          read={readSol}
          onStore={(text) => settings.setState({ quickBuy: text })}
        />
        <BuyPresets />
      </div>
    </Panel>
  );
}

function BuyPresets() {
  const { settings } = useServices();
  const presets = useSetting((all) => all.buyPresets);
  return (
    <fieldset className="presets" aria-label="Buy presets">
      <p>
        Buy presets
        <span className="setting-hint muted">The amounts beside what you type when you buy.</span>
      </p>
      <div className="presets-fields">
        {presets.map((text, index) => (
          <TextSetting
            // biome-ignore lint/suspicious/noArrayIndexKey: a preset is its place
            key={index}
            label={`Preset ${index + 1}`}
            unit="SOL"
            text={text}
            read={readSol}
            onStore={(next) => settings.setState({ buyPresets: presets.with(index, next) })}
          />
        ))}
      </div>
    </fieldset>
  );
}
