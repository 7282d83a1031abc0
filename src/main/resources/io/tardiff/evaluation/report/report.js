// Draws the figures of the report from the JSON in the page, with ECharts as SVG. Colours are CSS variables,
// so dark mode and print need no redrawing.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const REAL = 'var(--real)';
  const SET = 'var(--set)';
  const OTHER = 'var(--other)';
  const EXTRA = 'var(--extra)';
  const LINES = [SET, OTHER, EXTRA, 'var(--green)'];
  const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect', 'pin'];
  const MOST = 12;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const charts = new Map();

  // Text and numbers.

  const number = (value, digits = 3) => {
    if (value === null || value === undefined) return '–';
    if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
    return String(Number(value.toPrecision(digits)));
  };
  const fixed = (value, digits) => value.toFixed(digits).replace(/^-(0\.0+)$/, '$1');
  const score = (value) => (value === null || value === undefined ? '–' : fixed(value, 3));
  const percent = (value) => (value === null || value === undefined ? '–' : `${Number((100 * value).toFixed(1))}\u00a0%`);
  const plus = (value) => (value > 0 ? '+' : '') + score(value);
  const title = (channel) => (channel.unit ? `${channel.name} (${channel.unit})` : channel.name);

  const element = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  // Parts of charts.

  const FONT = getComputedStyle(document.body).fontFamily;
  const axis = (name, more = {}) => ({
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: { color: 'var(--soft)', fontSize: 12 },
    axisLabel: { color: 'var(--soft)', fontSize: 11, hideOverlap: true, formatter: (v) => (typeof v === 'number' ? number(v, 4) : v) },
    axisLine: { show: true, onZero: false, lineStyle: { color: 'var(--soft)' } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: 'var(--rule)' } },
    ...more,
  });
  const vertical = (name, more = {}) => axis(name, { nameGap: 44, ...more });
  const category = (names, more = {}) =>
    axis('', { type: 'category', data: names, splitLine: { show: false }, ...more,
      axisLabel: { color: 'var(--soft)', fontSize: 11, hideOverlap: true, ...(more.axisLabel || {}) } });
  const legend = (names, more = {}) => ({
    data: names,
    top: 0,
    left: 0,
    icon: 'roundRect',
    itemWidth: 18,
    itemHeight: 4,
    itemGap: 16,
    textStyle: { color: 'var(--text)', fontSize: 12 },
    inactiveColor: 'var(--rule)',
    ...more,
  });
  const tooltip = (more = {}) => ({
    confine: true,
    backgroundColor: 'var(--page)',
    borderColor: 'var(--soft)',
    textStyle: { color: 'var(--text)', fontSize: 12 },
    ...more,
  });
  const byAxis = (format = number) =>
    tooltip({ trigger: 'axis', valueFormatter: (v) => format(Array.isArray(v) ? v[1] : v),
      axisPointer: { lineStyle: { color: 'var(--soft)' }, label: { show: false } } });
  const line = (name, xs, ys, color, more = {}) => ({
    name,
    type: 'line',
    data: xs.map((x, i) => [x, ys[i]]),
    showSymbol: false,
    color,
    lineStyle: { color, width: 2, ...(more.lineStyle || {}) },
    itemStyle: { color },
    emphasis: { disabled: true },
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'lineStyle')),
  });
  // The area between two curves, drawn as one shape.
  const band = (name, xs, low, high, color) => ({
    name,
    type: 'custom',
    color,
    itemStyle: { color },
    silent: true,
    clip: true,
    tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: xs.map((x, i) => [x, low[i], high[i]]),
    renderItem: (params, api) => {
      if (params.dataIndex > 0) return undefined;
      const points = [...xs.map((x, i) => api.coord([x, low[i]])), ...xs.map((x, i) => api.coord([x, high[i]])).reverse()];
      return { type: 'polygon', shape: { points }, style: { fill: color, opacity: 0.18 } };
    },
  });
  const whiskers = (rows, color, more = {}) => ({
    type: 'custom',
    silent: true,
    clip: true,
    tooltip: { show: false },
    encode: { x: [0, 1], y: 2 },
    data: rows,
    renderItem: (params, api) => {
      const from = api.coord([api.value(0), api.value(2)]);
      const to = api.coord([api.value(1), api.value(2)]);
      const tick = (x) => ({ type: 'line', shape: { x1: x, x2: x, y1: from[1] - 4, y2: from[1] + 4 }, style: { stroke: color } });
      return { type: 'group', children: [
        { type: 'line', shape: { x1: from[0], x2: to[0], y1: from[1], y2: to[1] }, style: { stroke: color, lineWidth: 1.5 } },
        tick(from[0]), tick(to[0]) ] };
    },
    ...more,
  });
  // Cells of a heat map whose colour deepens with the share of the largest value.
  const cells = (rows, colour, depth, text) => ({
    type: 'custom',
    data: rows,
    encode: { x: 0, y: 1, tooltip: 2 },
    renderItem: (params, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const [width, height] = api.size([1, 1]);
      const value = api.value(2);
      const strong = Number.isFinite(value) ? Math.min(1, depth(value)) : 0;
      const shape = { x: x - width / 2 + 0.5, y: y - height / 2 + 0.5, width: Math.max(0, width - 1), height: Math.max(0, height - 1) };
      const children = [{ type: 'rect', shape, style: { fill: colour(value), opacity: strong } }];
      const written = text && width > 34 && height > 15 ? text(value) : '';
      if (written) {
        children.push({ type: 'text', silent: true, x, y,
          style: { text: written, align: 'center', verticalAlign: 'middle', fontSize: 11, fill: strong > 0.6 ? 'var(--page)' : 'var(--text)' } });
      }
      return { type: 'group', children };
    },
  });

  const draw = (container, description, option) => {
    let chart = charts.get(container);
    if (!chart) {
      chart = echarts.init(container, null, { renderer: 'svg' });
      charts.set(container, chart);
      new ResizeObserver(() => chart.resize()).observe(container);
    }
    container.setAttribute('role', 'img');
    container.setAttribute('aria-label', description);
    chart.setOption({ animation: !still && !navigator.webdriver, animationDuration: 300, textStyle: { fontFamily: FONT }, ...option }, { notMerge: true });
  };

  const table = (caption, head, rows) => {
    const made = element('table');
    made.append(element('caption'));
    made.caption.append(element('span', caption));
    const top = made.createTHead().insertRow();
    head.forEach((cell) => top.append(element('th', cell, { scope: 'col' })));
    const body = made.createTBody();
    rows.forEach(([first, ...rest]) => {
      const row = body.insertRow();
      row.append(element('th', first, { scope: 'row' }));
      rest.forEach((cell) => row.append(element('td', cell)));
    });
    return made;
  };

  // The numbers behind a figure, written when they are first looked at.
  const dataTable = (parent, make) => {
    parent.querySelector(':scope > details.data')?.remove();
    const details = element('details', undefined, { class: 'data' });
    details.append(element('summary', 'Data of this figure'));
    const fill = () => {
      if (details.querySelector('table')) return;
      const scroll = element('div', undefined, { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Data of the figure' });
      scroll.append(make());
      details.append(scroll);
    };
    details.addEventListener('toggle', fill);
    details.fill = fill;
    parent.append(details);
  };

  const finding = (figure, text) => {
    figure.querySelector(':scope > .finding')?.remove();
    if (text) figure.querySelector('h3').after(element('p', text, { class: 'finding' }));
  };

  // A name on several lines, for narrow screens.
  const broken = (name) => name.replace(/, /g, ',\n');

  // What is chosen.

  const chosen = { class: null, channels: [], model: null, set: null };
  const firstOfModels = [...new Set(data.utility.map((row) => row.model))];
  const synthetic = data.sets.filter((set) => !set.real);

  const className = (label) => (label === null || label === undefined ? 'all classes' : `class ${label}`);
  const ofClass = (list) => list.find((item) => (item.label ?? null) === chosen.class) || list[0];

  // Figures by id: whether there is data, and how to draw it.

  const figures = {
    coverage: {
      has: () => Boolean(data.coverage.train),
      draw: (figure) => {
        const shown = [...chosen.channels].reverse();
        const names = shown.map((c) => data.channels[c].name);
        const shares = shown.map((c) => data.coverage.train[c]);
        const chart = figure.querySelector('.chart');
        chart.style.height = `${Math.max(10, 3.5 + 1.5 * names.length)}rem`;
        draw(chart, `Share of steps measured by channel. ${names.map((n, i) => `${n} ${percent(shares[i])}`).join(', ')}`, {
          grid: { left: 4, right: 44, top: 8, bottom: 34, containLabel: true },
          tooltip: tooltip({ valueFormatter: percent }),
          xAxis: axis('share of steps', { min: 0, max: 1, axisLabel: { color: 'var(--soft)', formatter: percent, hideOverlap: true } }),
          yAxis: category(names),
          series: [{ name: 'measured', type: 'bar', barMaxWidth: 18, data: shares, itemStyle: { color: REAL },
            label: { show: true, position: 'right', color: 'var(--soft)', fontSize: 11, formatter: (p) => percent(p.value) } }],
        });
        const splits = Object.entries(data.coverage);
        dataTable(figure, () => table('Share of steps with a measurement.', ['Channel', ...splits.map(([name]) => name)],
          chosen.channels.map((c) => [title(data.channels[c]), ...splits.map(([, part]) => percent(part[c]))])));
      },
    },

    'denoiser-loss': {
      has: () => data.training.denoiser_history.length > 1,
      draw: (figure) => {
        const history = data.training.denoiser_history;
        const steps = history.map((h) => h.step);
        const last = history[history.length - 1];
        const text = `After ${number(last.step)} steps, the error is ${number(last.train_loss)} on train and ${number(last.tuning_loss)} on tuning windows.`;
        finding(figure, text);
        draw(figure.querySelector('.chart'), text, {
          grid: { left: 8, right: 16, top: 34, bottom: 38, containLabel: true },
          legend: legend(['train', 'tuning']),
          tooltip: byAxis(),
          xAxis: axis('training step', { max: 'dataMax' }),
          yAxis: vertical('loss', { scale: true }),
          series: [line('train', steps, history.map((h) => h.train_loss), OTHER, { lineStyle: { type: 'dashed' } }),
            line('tuning', steps, history.map((h) => h.tuning_loss), REAL)],
        });
        dataTable(figure, () => table('Loss by training step.', ['Step', 'Train', 'Tuning'],
          history.map((h) => [number(h.step), number(h.train_loss), number(h.tuning_loss)])));
      },
    },

    'classifier-loss': { has: () => epochs().some((e) => e.train_loss !== null),
      draw: (figure) => byEpoch(figure, 'loss', { train: 'train_loss', tuning: 'tuning_loss' }) },
    'classifier-scores': { has: () => epochs().length > 0,
      draw: (figure) => byEpoch(figure, 'score on tuning', { AUROC: 'tuning_auroc', AUPRC: 'tuning_auprc' }) },

    'guidance-signal': {
      has: () => (data.guidance_signal.by_epoch || []).length > 0,
      draw: (figure) => {
        const signal = data.guidance_signal.by_epoch;
        const text = `${score(data.guidance_signal.cosine)} at the epoch that is used (${data.guidance_signal.best_epoch ?? '–'}).`;
        finding(figure, text);
        draw(figure.querySelector('.chart'), text, {
          grid: { left: 8, right: 16, top: 16, bottom: 38, containLabel: true },
          tooltip: byAxis(),
          xAxis: axis('epoch', { min: 'dataMin', max: 'dataMax', minInterval: 1 }),
          yAxis: vertical('cosine of two halves', { max: 1 }),
          series: [line('agreement', signal.map((s) => s.epoch), signal.map((s) => s.cosine), REAL, { showSymbol: true, markLine: marked(data.guidance_signal.best_epoch) })],
        });
        dataTable(figure, () => table('Agreement by epoch.', ['Epoch', 'Cosine'], signal.map((s) => [String(s.epoch), score(s.cosine)])));
      },
    },

    roc: { has: () => data.curves.length > 0, draw: (figure) => curves(figure, 'roc', 'false positive rate', 'true positive rate', 'auroc') },
    'precision-recall': { has: () => data.curves.length > 0,
      draw: (figure) => curves(figure, 'precision_recall', 'recall', 'precision', 'auprc') },

    'utility-by-set': {
      has: () => of('TSTR').length > 0,
      draw: (figure) => {
        const rows = of('TSTR').filter((row) => row.model === chosen.model);
        const real = of('TRTR').find((row) => row.model === chosen.model);
        const best = [...rows].sort((a, b) => b.auroc.mean - a.auroc.mean)[0];
        const text = best ? `Best AUROC on held-out: ${score(best.auroc.mean)} with ${best.set}` + (real ? `, against ${score(real.auroc.mean)} with real windows (${chosen.model}).` : ` (${chosen.model}).`) : '';
        finding(figure, text);
        dots(figure, text, rows.map((row) => ({ name: row.set, kept: row.set === data.kept,
          left: spread(row.auroc), right: spread(row.auprc) })), ['AUROC', 'AUPRC'], real ? [real.auroc.mean, real.auprc.mean] : []);
        dataTable(figure, () => table(`Models trained on each set alone, ${chosen.model}.`, ['Set', 'AUROC', 'SD', 'AUPRC', 'SD'],
          [...(real ? [['real train windows', score(real.auroc.mean), score(real.auroc.sd), score(real.auprc.mean), score(real.auprc.sd)]] : []),
            ...rows.map((row) => [row.set, score(row.auroc.mean), score(row.auroc.sd), score(row.auprc.mean), score(row.auprc.sd)])]));
      },
    },

    gain: {
      has: () => data.utility.some((row) => row.gain),
      draw: (figure) => {
        const rows = of('TSTR').filter((row) => row.model === chosen.model && row.gain);
        const sure = rows.filter((row) => row.gain.auroc.low > 0);
        const text = rows.length ? `In AUROC, the interval of ${sure.length} of ${rows.length} ${rows.length === 1 ? 'set' : 'sets'} lies above zero (${chosen.model}).` : `No set to compare (${chosen.model}).`;
        finding(figure, text);
        dots(figure, text, rows.map((row) => ({ name: row.set, kept: row.set === data.kept, left: between(row.gain.auroc), right: between(row.gain.auprc) })),
          ['gain in AUROC', 'gain in AUPRC'], [0, 0], plus);
        dataTable(figure, () => table(`Gain over the set without guidance and selection, ${chosen.model}, with 95 % intervals.`,
          ['Set', 'AUROC', 'low', 'high', 'AUPRC', 'low', 'high'],
          rows.map((row) => [row.set, ...['auroc', 'auprc'].flatMap((m) => [row.gain[m].difference, row.gain[m].low, row.gain[m].high].map(plus))])));
      },
    },

    'utility-by-alpha': {
      has: () => of('TSRTR').length > 0,
      draw: (figure) => {
        const rows = of('TSRTR').filter((row) => row.model === chosen.model);
        const real = of('TRTR').find((row) => row.model === chosen.model);
        const sets = [...new Set(rows.map((row) => row.set))];
        const best = [...rows].sort((a, b) => b.auroc.mean - a.auroc.mean)[0];
        const text = best && real ? `Best AUROC with added windows: ${score(best.auroc.mean)} (${best.set}, alpha ${best.alpha}); real windows alone: ${score(real.auroc.mean)} (${chosen.model}).` : '';
        finding(figure, text);
        const chart = figure.querySelector('.chart');
        const stacked = chart.clientWidth < 620;
        chart.style.height = stacked ? '34rem' : '20rem';
        const metrics = ['auroc', 'auprc'];
        draw(chart, text, {
          legend: legend([...sets, 'real alone']),
          grid: pair(stacked, 40, 42),
          tooltip: tooltip({ trigger: 'item', valueFormatter: score }),
          xAxis: metrics.map((m, i) => axis('synthetic windows per real one (alpha)', { gridIndex: i, min: 0 })),
          yAxis: metrics.map((m, i) => vertical(`${m.toUpperCase()} on held-out`, { gridIndex: i, scale: true, nameGap: 46 })),
          series: metrics.flatMap((m, i) => [
            ...sets.flatMap((set, s) => {
              const points = rows.filter((row) => row.set === set);
              const colour = LINES[s % LINES.length];
              return [line(set, points.map((p) => p.alpha), points.map((p) => p[m].mean), colour,
                { xAxisIndex: i, yAxisIndex: i, showSymbol: true, symbol: SYMBOLS[s % SYMBOLS.length], symbolSize: 8 }),
                { ...upright(points.map((p) => [p.alpha, p[m].mean - (p[m].sd || 0), p[m].mean + (p[m].sd || 0)]), colour), name: set, xAxisIndex: i, yAxisIndex: i }];
            }),
            ...(real ? [line('real alone', [0, Math.max(...rows.map((r) => r.alpha))], [real[m].mean, real[m].mean], REAL, { xAxisIndex: i, yAxisIndex: i, lineStyle: { type: 'dashed', width: 1.5 } })] : []),
          ]),
        });
        dataTable(figure, () => table(`Real and synthetic windows together, ${chosen.model}.`, ['Set', 'Alpha', 'AUROC', 'SD', 'AUPRC', 'SD'],
          rows.map((row) => [row.set, String(row.alpha), score(row.auroc.mean), score(row.auroc.sd), score(row.auprc.mean), score(row.auprc.sd)])));
      },
    },

    trajectories: {
      has: () => data.figures !== null,
      draw: (figure) => {
        const profiles = ofClass(data.figures.classes);
        const shown = document.getElementById('show-examples').checked;
        // About six lines: more hide the bands.
        const each = chosen.class === null ? Math.max(1, Math.round(6 / data.classes)) : 6;
        const drawn = new Map();
        const examples = data.figures.examples.filter((e) => {
          drawn.set(e.label, (drawn.get(e.label) || 0) + 1);
          return drawn.get(e.label) <= each && (chosen.class === null || e.label === chosen.class);
        });
        finding(figure, `${number(profiles.real_windows)} real and ${number(profiles.windows)} synthetic windows, ${className(chosen.class)}.`);
        panels(figure, chosen.channels, (panel, c) => {
          const [real, set] = [profiles.real[c], profiles.set[c]];
          const steps = Math.max(real.quantiles.length, set.quantiles.length, examples[0]?.values[c].length || 0);
          const [xs, unit] = times(steps, data.figures.step_minutes);
          const heading = title(data.channels[c]);
          const series = [];
          [[real, REAL, 'real', 'solid'], [set, SET, 'synthetic', 'dashed']].forEach(([profile, colour, name, type]) => {
            if (!profile.quantiles.length) return;
            const outer = profile.quantiles[0][0] === null ? [1, 3] : [0, 4];
            series.push(band(name, xs, at(profile, outer[0]), at(profile, outer[1]), colour));
            series.push(line(name, xs, at(profile, 2), colour, { lineStyle: { type } }));
          });
          if (shown) {
            examples.forEach((e) => series.push(line('single synthetic patients', xs, e.values[c], SET,
              { silent: true, lineStyle: { width: 0.8, opacity: 0.55 }, tooltip: { show: false } })));
          }
          const middle = Math.floor(steps / 2);
          const text = real.quantiles.length && set.quantiles.length
            ? `${heading}: median in the middle of the window ${number(real.quantiles[middle][2])} in real and ${number(set.quantiles[middle][2])} in synthetic windows.`
            : `${heading}: too few windows for quantiles.`;
          draw(panel.querySelector('.chart'), text, {
            grid: { left: 4, right: 10, top: 28, bottom: 34, containLabel: true },
            legend: legend(['real', 'synthetic'], { itemWidth: 14 }),
            tooltip: tooltip({ trigger: 'axis', axisPointer: { lineStyle: { color: 'var(--soft)' } },
              formatter: (items) => {
                const lines = items.filter((i) => i.seriesType === 'line' && i.seriesName !== 'single synthetic patients');
                return lines.length ? `${number(lines[0].value[0])} ${unit}<br>${lines.map((i) => `${i.marker}${i.seriesName}: ${number(i.value[1])}`).join('<br>')}` : '';
              } }),
            xAxis: axis(unit, { max: 'dataMax', nameGap: 22 }),
            yAxis: vertical('', { scale: true }),
            series,
          });
          dataTable(panel, () => table(`${heading}, ${className(chosen.class)}.`,
            [unit, ...['real', 'synthetic'].flatMap((n) => ['10 %', '25 %', 'median', '75 %', '90 %'].map((q) => `${n} ${q}`))],
            xs.map((x, i) => [number(x), ...[real, set].flatMap((p) => (p.quantiles[i] || [null, null, null, null, null]).map((v) => number(v)))])));
        });
      },
    },

    distributions: {
      has: () => data.figures !== null,
      draw: (figure) => {
        const profiles = ofClass(data.figures.classes);
        panels(figure, chosen.channels, (panel, c) => {
          const [real, set] = [profiles.real[c].histogram, profiles.set[c].histogram];
          const { low, high } = data.figures.ranges[c];
          const heading = title(data.channels[c]);
          const edges = Array.from({ length: real.length + 1 }, (_, i) => low + ((high - low) * i) / real.length);
          const overlap = real.reduce((sum, share, i) => sum + Math.min(share, set[i]), 0);
          const steps = (name, shares, colour, type) => line(name, edges, [...shares, shares[shares.length - 1]], colour,
            { step: 'end', lineStyle: { width: 1.5, type }, areaStyle: { color: colour, opacity: 0.12 } });
          draw(panel.querySelector('.chart'), `${heading}: the two histograms share ${percent(overlap)} of their area.`, {
            grid: { left: 4, right: 12, top: 28, bottom: 34, containLabel: true },
            legend: legend(['real', 'synthetic'], { itemWidth: 14 }),
            tooltip: byAxis(percent),
            xAxis: axis(data.channels[c].unit, { min: low, max: high, nameGap: 22,
              axisLabel: { color: 'var(--soft)', fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (v) => number(v, 4) } }),
            yAxis: vertical('', { axisLabel: { color: 'var(--soft)', fontSize: 11, formatter: percent } }),
            series: [steps('real', real, REAL, 'solid'), steps('synthetic', set, SET, 'dashed')],
          });
          dataTable(panel, () => table(`${heading}, ${className(chosen.class)}: share of steps.`, ['From', 'To', 'Real', 'Synthetic'],
            real.map((share, i) => [number(edges[i]), number(edges[i + 1]), percent(share), percent(set[i])])));
        });
      },
    },

    measured: {
      has: () => Boolean(data.missingness),
      draw: (figure) => {
        const coverage = ofClass(data.missingness.classes);
        const rows = [...chosen.channels].reverse().map((c) => ({ name: data.channels[c].name, ...coverage.channels[c] }));
        const shown = rows.filter((row) => row.difference !== null);
        const worst = [...shown].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))[0];
        const text = worst
          ? `Of ${className(coverage.label)}, ${worst.name} differs most: ${percent(worst.real_coverage)} of the steps of real windows have a measurement, and ${percent(worst.coverage)} of synthetic ones.`
          : `Too few windows of ${className(coverage.label)} to show.`;
        finding(figure, text);
        const chart = figure.querySelector('.chart');
        chart.style.height = `${Math.max(10, 5 + 1.9 * rows.length)}rem`;
        const bars = (name, key, colour) => ({ name, type: 'bar', barMaxWidth: 10, data: rows.map((row) => row[key]), color: colour, itemStyle: { color: colour } });
        draw(chart, `Share of steps with a measurement by channel. ${text}`, {
          grid: { left: 4, right: 24, top: 34, bottom: 34, containLabel: true },
          legend: legend(['real', 'synthetic']),
          tooltip: tooltip({ trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: percent }),
          xAxis: axis('share of steps', { min: 0, max: 1, axisLabel: { color: 'var(--soft)', formatter: percent, hideOverlap: true } }),
          yAxis: category(rows.map((row) => row.name)),
          // Bars of a category are stacked upwards.
          series: [bars('synthetic', 'coverage', SET), bars('real', 'real_coverage', REAL)],
        });
        dataTable(figure, () => table(`Share of steps with a measurement, and of windows without any, ${className(coverage.label)}.`,
          ['Channel', 'Real', 'Synthetic', 'Never observed, real', 'Never observed, synthetic'],
          chosen.channels.map((c) => [title(data.channels[c]),
            ...['real_coverage', 'coverage', 'real_never_observed', 'never_observed'].map((key) => percent(coverage.channels[c][key]))])));
      },
    },

    'channel-differences': {
      has: () => data.sets.length > 0,
      draw: (figure) => {
        const names = data.sets.map((set) => set.name);
        const labels = chosen.channels.map((c) => data.channels[c].name);
        const rows = data.sets.flatMap((set, y) => chosen.channels.map((c, x) => [x, y, set.ks[c]]));
        const keptSet = data.sets.find((set) => set.kept);
        const worst = keptSet ? [...chosen.channels].sort((a, b) => keptSet.ks[b] - keptSet.ks[a])[0] : undefined;
        const text = worst === undefined ? '' : `In the kept set, ${data.channels[worst].name} differs most (${score(keptSet.ks[worst])}).`;
        finding(figure, text);
        const chart = figure.querySelector('.chart');
        chart.style.height = `${6 + 2.2 * names.length}rem`;
        draw(chart, `Kolmogorov-Smirnov statistic by channel and set. ${text}`, {
          grid: { left: 22, right: 4, top: 4, bottom: 8, containLabel: true },
          tooltip: tooltip({ formatter: (p) => echarts.format.encodeHTML(`${names[p.value[1]]}, ${labels[p.value[0]]}: ${score(p.value[2])}`) }),
          xAxis: category(labels, { axisLabel: { rotate: chart.clientWidth / labels.length < 46 ? 90 : 0 } }),
          yAxis: category(names, { inverse: true, axisLabel: { interval: 0, lineHeight: 13, formatter: chart.clientWidth < 620 ? broken : undefined } }),
          series: [cells(rows, () => SET, (v) => v / 0.5, (v) => (Number.isFinite(v) ? fixed(v, 2) : ''))],
        });
        dataTable(figure, () => table('Kolmogorov-Smirnov statistic.', ['Set', ...labels],
          data.sets.map((set) => [set.name, ...chosen.channels.map((c) => score(set.ks[c]))])));
      },
    },

    correlations: {
      has: () => data.figures !== null && data.channels.length > 1,
      draw: (figure) => {
        const { real_correlations: real, correlations: set } = data.figures;
        const shown = data.channels.length > 2 && chosen.channels.length === 1 ? data.channels.map((_, c) => c) : chosen.channels;
        const labels = shown.map((c) => data.channels[c].name);
        const difference = real.map((row, a) => row.map((value, b) => (value === null || set[a][b] === null ? null : set[a][b] - value)));
        let sum = 0;
        let pairs = 0;
        let worst = null;
        difference.forEach((row, a) => row.forEach((value, b) => {
          if (b >= a || value === null) return;
          sum += Math.abs(value);
          pairs += 1;
          if (!worst || Math.abs(value) > Math.abs(worst[2])) worst = [a, b, value];
        }));
        finding(figure, worst ? `Mean absolute difference ${score(sum / pairs)}; the largest, ${plus(worst[2])}, is between ${data.channels[worst[0]].name} and ${data.channels[worst[1]].name}.` : '');
        const maps = [['Real', real], ['Synthetic', set], ['Synthetic minus real', difference]];
        panels(figure, maps.map((_, i) => i), (panel, i) => {
          const rows = shown.flatMap((a, y) => shown.map((b, x) => [x, y, maps[i][1][a][b]]));
          draw(panel.querySelector('.chart'), `Correlations between channels: ${maps[i][0].toLowerCase()}.`, {
            grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
            tooltip: tooltip({ formatter: (p) => echarts.format.encodeHTML(`${labels[p.value[1]]}, ${labels[p.value[0]]}: ${Number.isFinite(p.value[2]) ? plus(p.value[2]) : '–'}`) }),
            xAxis: category(labels, { axisLabel: { rotate: 90 } }),
            yAxis: category(labels, { inverse: true }),
            series: [cells(rows, (v) => (v < 0 ? SET : REAL), (v) => Math.abs(v), (v) => (Number.isFinite(v) ? fixed(v, 2) : ''))],
          });
          dataTable(panel, () => table(`${maps[i][0]}.`, ['Channel', ...labels],
            shown.map((a) => [data.channels[a].name, ...shown.map((b) => (maps[i][1][a][b] === null ? '–' : plus(maps[i][1][a][b])))])));
        }, (i) => maps[i][0]);
      },
    },

    embedding: {
      has: () => data.figures !== null,
      draw: (figure) => {
        const map = data.figures.embedding;
        const counted = ofClass(map.real);
        const most = Math.max(1, ...counted.cells.map((cell) => cell.windows));
        const points = map.points.filter((p) => chosen.class === null || p.label === chosen.class);
        const place = (value, a) => Math.min(map.cells - 1, Math.max(0, Math.floor(((value - a.low) / (a.high - a.low || 1)) * map.cells)));
        const filled = new Set(counted.cells.map((cell) => `${cell.x} ${cell.y}`));
        const inside = points.filter((p) => filled.has(`${place(p.x, map.axes[0])} ${place(p.y, map.axes[1])}`)).length;
        const text = points.length ? `${percent(inside / points.length)} of the ${number(points.length)} synthetic windows drawn lie in cells with real patients; those cells hold ${percent(counted.shown)} of the real train windows.` : '';
        const step = map.axes.map((a) => (a.high - a.low) / map.cells);
        const name = (a, i) => `axis ${i + 1} (${percent(a.explained)} of the variance)`;
        const meaning = map.axes.map((a, i) => `Axis ${i + 1}: ${a.features.map((f) => `${f.weight < 0 ? 'less' : 'more'} ${f.feature} of ${f.channel}`).join(', ')}.`).join(' ');
        finding(figure, `${text} ${meaning}`);
        const labels = [...new Set(points.map((p) => p.label))].sort((a, b) => a - b);
        const classNames = labels.map((label) => `synthetic, class ${label}`);
        const chart = figure.querySelector('.chart');
        draw(chart, `Map of patients. ${text}`, {
          grid: { left: 26, right: 12, top: chart.clientWidth < 620 ? 74 : 34, bottom: 36, containLabel: false },
          legend: legend(['real train windows', ...classNames], { icon: undefined, itemHeight: 9, itemWidth: 12 }),
          tooltip: tooltip({ formatter: (p) => (p.seriesType === 'custom' ? `${number(p.value[2])} real train windows` : echarts.format.encodeHTML(p.seriesName)) }),
          xAxis: axis(name(map.axes[0], 0), { min: map.axes[0].low, max: map.axes[0].high, splitLine: { show: false }, axisLabel: { show: false }, nameGap: 10 }),
          yAxis: axis(name(map.axes[1], 1), { min: map.axes[1].low, max: map.axes[1].high, splitLine: { show: false }, axisLabel: { show: false }, nameGap: 12 }),
          series: [
            { name: 'real train windows', type: 'custom', itemStyle: { color: REAL }, clip: true,
              data: counted.cells.map((cell) => [map.axes[0].low + (cell.x + 0.5) * step[0], map.axes[1].low + (cell.y + 0.5) * step[1], cell.windows]),
              encode: { x: 0, y: 1 },
              renderItem: (params, api) => {
                const [x, y] = api.coord([api.value(0), api.value(1)]);
                const [width, height] = api.size(step);
                return { type: 'rect', shape: { x: x - width / 2, y: y - height / 2, width: width + 0.5, height: height + 0.5 },
                  style: { fill: REAL, opacity: 0.12 + 0.6 * Math.sqrt(api.value(2) / most) } };
              } },
            ...labels.map((label, i) => ({ name: classNames[i], type: 'scatter', symbol: SYMBOLS[label % SYMBOLS.length], symbolSize: label === 0 ? 5 : 7, z: 3,
              color: SET, itemStyle: label === 0 ? { color: 'transparent', borderColor: SET, borderWidth: 1 } : { color: SET, borderColor: 'var(--page)', borderWidth: 0.5 },
              data: points.filter((p) => p.label === label).map((p) => [p.x, p.y]) })),
          ],
        });
        dataTable(figure, () => table(`Cells with real train windows, ${className(chosen.class)}, and the synthetic windows drawn in them.`, ['Axis 1', 'Axis 2', 'Real', 'Synthetic'],
          counted.cells.map((cell) => [number(map.axes[0].low + (cell.x + 0.5) * step[0]), number(map.axes[1].low + (cell.y + 0.5) * step[1]), number(cell.windows),
            number(points.filter((p) => place(p.x, map.axes[0]) === cell.x && place(p.y, map.axes[1]) === cell.y).length)])));
      },
    },

    distances: {
      has: () => Boolean(data.figures?.distances),
      draw: (figure) => {
        const histograms = [['synthetic to train', data.figures.distances.to_train, SET, 'solid'],
          ['synthetic to held-out', data.figures.distances.to_held_out, EXTRA, 'dashed'],
          ['real held-out to train', data.figures.distances.held_out_to_train, OTHER, 'dotted']].filter(([, h]) => h.shares.length > 0);
        const density = (h) => h.shares.map((share, i) => share / (h.edges[i + 1] - h.edges[i] || 1));
        const kept = data.sets.find((set) => set.kept);
        const text = kept ? `${percent(kept.closer_to_train)} of the synthetic windows are nearer to a train than to a held-out window; 50 % is chance, and copies would score ${percent(kept.closer_if_copied)}.` : '';
        finding(figure, text);
        draw(figure.querySelector('.chart'), `Distances to the nearest real window. ${text}`, {
          grid: { left: 8, right: 16, top: 40, bottom: 38, containLabel: true },
          legend: legend(histograms.map(([name]) => name)),
          tooltip: byAxis(),
          xAxis: axis('root-mean-square distance (standard deviations)', { min: 0, max: 'dataMax',
            axisLabel: { color: 'var(--soft)', fontSize: 11, hideOverlap: true, showMaxLabel: false, formatter: (v) => number(v) } }),
          yAxis: vertical('density'),
          series: histograms.map(([name, h, colour, type], i) => line(name, h.edges, [...density(h), density(h).slice(-1)[0]], colour, {
            step: 'end', lineStyle: { type }, areaStyle: i === 0 ? { color: colour, opacity: 0.12 } : undefined,
            markLine: i === 0 ? { silent: true, symbol: 'none', lineStyle: { color: 'var(--soft)', type: 'dotted' },
              label: { formatter: 'near copies', color: 'var(--soft)', position: 'insideEndTop', fontSize: 11 }, data: [{ xAxis: data.figures.distances.near }] } : undefined,
          })),
        });
        dataTable(figure, () => table('Share of windows by distance.', ['Histogram', 'From', 'To', 'Share'],
          histograms.flatMap(([name, h]) => h.shares.map((share, i) => [name, number(h.edges[i]), number(h.edges[i + 1]), percent(share)]))));
      },
    },
  };

  // What several figures need.

  const of = (protocol) => data.utility.filter((row) => row.protocol === protocol);
  const epochs = () => data.training.classifier_epochs;
  const at = (profile, level) => profile.quantiles.map((step) => step[level]);
  const spread = (s) => [s.mean, s.mean - (s.sd || 0), s.mean + (s.sd || 0)];
  const between = (interval) => [interval.difference, interval.low, interval.high];
  const marked = (epoch) => (epoch ? { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: 'var(--soft)', type: 'dotted' }, data: [{ xAxis: epoch }] } : undefined);

  const times = (steps, minutes) => {
    const total = steps * minutes;
    const [unit, size] = total < 2 ? ['seconds', 1 / 60] : total < 120 ? ['minutes', 1] : ['hours', 60];
    return [Array.from({ length: steps }, (_, i) => (i * minutes) / size), unit];
  };

  const upright = (rows, colour) => ({
    type: 'custom', silent: true, clip: true, tooltip: { show: false }, encode: { x: 0, y: [1, 2] }, data: rows, itemStyle: { color: colour },
    renderItem: (params, api) => {
      const low = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)]);
      return { type: 'line', shape: { x1: low[0], y1: low[1], x2: high[0], y2: high[1] }, style: { stroke: colour, lineWidth: 1.5 } };
    },
  });

  // Two plots side by side, or one above the other on a narrow screen.
  const pair = (stacked, top, bottom) => (stacked
    ? [{ left: 30, right: 16, top, height: '36%', containLabel: true }, { left: 30, right: 16, bottom, height: '36%', containLabel: true }]
    : [{ left: 22, width: '45%', top, bottom, containLabel: true }, { right: 16, width: '45%', top, bottom, containLabel: true }]);

  const byEpoch = (figure, name, columns) => {
    const all = epochs();
    const best = data.training.classifier_best_epoch;
    const used = all.find((e) => e.epoch === best) || all[all.length - 1];
    const text = `Epoch ${used.epoch} is used: ${Object.entries(columns).map(([n, key]) => `${n} ${score(used[key])}`).join(', ')}.`;
    finding(figure, text);
    const xs = all.map((e) => e.epoch);
    draw(figure.querySelector('.chart'), text, {
      grid: { left: 8, right: 16, top: 34, bottom: 38, containLabel: true },
      legend: legend(Object.keys(columns)),
      tooltip: byAxis(score),
      xAxis: axis('epoch', { min: 'dataMin', max: 'dataMax', minInterval: 1 }),
      yAxis: vertical(name, { scale: true }),
      series: Object.entries(columns).map(([n, key], i) => line(n, xs, all.map((e) => e[key]), [REAL, OTHER][i],
        { showSymbol: all.length < 20, symbol: SYMBOLS[i], lineStyle: { type: ['solid', 'dashed'][i] }, markLine: i === 0 ? marked(best) : undefined })),
    });
    dataTable(figure, () => table('By epoch.', ['Epoch', ...Object.keys(columns)],
      all.map((e) => [String(e.epoch), ...Object.values(columns).map((key) => score(e[key]))])));
  };

  const curves = (figure, which, xName, yName, metric) => {
    const real = data.curves.find((c) => c.protocol === 'TRTR' && c.model === chosen.model);
    const tstr = data.curves.find((c) => c.protocol === 'TSTR' && c.model === chosen.model && c.set === chosen.set);
    const pick = (c) => c && (c.classes.find((k) => k.label === chosen.class) || c.classes[0]);
    const drawn = [[pick(real), REAL, 'trained on real windows', 'solid', 'TRTR'], [pick(tstr), SET, 'trained on synthetic windows', 'dashed', 'TSTR']].filter(([c]) => c);
    const label = drawn[0]?.[0].label;
    const area = (protocol) => {
      const row = data.utility.find((r) => r.protocol === protocol && r.model === chosen.model && (protocol === 'TRTR' || r.set === chosen.set));
      return row ? ` (${metric.toUpperCase()} ${score(row[metric].mean)})` : '';
    };
    const several = drawn[0] && (real || tstr).classes.length > 1;
    const text = drawn.length
      ? `A ${chosen.model} model, ${drawn.map(([, , name, , protocol]) => `${name}${area(protocol)}`).join(' and ')}.${tstr ? ` Synthetic set: ${chosen.set}.` : ''}`
      + (several ? ` Class ${label} against the others; areas are means over classes.` : '') : '';
    finding(figure, text);
    const n = drawn[0]?.[0][which].value.length || 0;
    const xs = Array.from({ length: n }, (_, i) => i / (n - 1));
    const chance = which === 'roc' ? [0, 1] : [drawn[0]?.[0].prevalence, drawn[0]?.[0].prevalence];
    draw(figure.querySelector('.chart'), text, {
      grid: { left: 8, right: 16, top: 52, bottom: 38, containLabel: true },
      legend: legend([...drawn.map(([, , name]) => name), 'chance']),
      tooltip: byAxis(score),
      xAxis: axis(xName, { min: 0, max: 1 }),
      yAxis: vertical(yName, { min: 0, max: 1 }),
      series: [
        ...drawn.flatMap(([c, colour, name, type]) => [band(name, xs, c[which].low, c[which].high, colour), line(name, xs, c[which].value, colour, { lineStyle: { type } })]),
        line('chance', [0, 1], chance, OTHER, { lineStyle: { type: 'dotted', width: 1.5 }, tooltip: { show: false } }),
      ],
    });
    dataTable(figure, () => table(`${yName} by ${xName}, with 95 % intervals.`, [xName, ...drawn.flatMap(([, , name]) => [name, 'low', 'high'])],
      xs.filter((_, i) => i % 5 === 0).map((x) => {
        const i = Math.round(x * (n - 1));
        return [x.toFixed(2), ...drawn.flatMap(([c]) => [c[which].value[i], c[which].low[i], c[which].high[i]].map(score))];
      })));
  };

  // Sets down the side, two metrics with intervals across.
  const dots = (figure, text, rows, names, levels, format = score) => {
    const chart = figure.querySelector('.chart');
    const stacked = chart.clientWidth < 620;
    const plot = 24 + 30 * Math.max(1, rows.length);
    chart.style.height = `${(stacked ? 2 : 1) * (plot + 44)}px`;
    const labels = rows.map((row) => (row.kept ? `${row.name}, kept` : row.name));
    const sides = ['left', 'right'];
    draw(chart, text, {
      grid: stacked
        ? [{ left: 22, right: 16, top: 8, height: plot, containLabel: true }, { left: 22, right: 16, top: plot + 52, height: plot, containLabel: true }]
        : [{ left: 22, width: '52%', top: 8, bottom: 40, containLabel: true }, { right: 16, width: '40%', top: 8, bottom: 40, containLabel: true }],
      tooltip: tooltip({ formatter: (p) => echarts.format.encodeHTML(`${labels[p.value[1]]}: ${format(p.value[0])}`) }),
      xAxis: names.map((name, i) => axis(name, { gridIndex: i, scale: true })),
      yAxis: names.map((_, i) => category(labels, { gridIndex: i, inverse: true, splitLine: { show: true, lineStyle: { color: 'var(--rule)' } },
        axisLabel: { show: stacked || i === 0, hideOverlap: false, interval: 0, lineHeight: 13, formatter: stacked ? broken : undefined } })),
      series: sides.flatMap((side, i) => [
        { ...whiskers(rows.map((row, y) => [row[side][1], row[side][2], y]), SET), xAxisIndex: i, yAxisIndex: i },
        { type: 'scatter', xAxisIndex: i, yAxisIndex: i, symbolSize: 9, z: 3, itemStyle: { color: SET },
          data: rows.map((row, y) => ({ value: [row[side][0], y], symbol: row.kept ? 'diamond' : 'circle', symbolSize: row.kept ? 13 : 9 })),
          markLine: levels[i] === undefined ? undefined : { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: REAL, type: 'dashed', width: 1.5 }, data: [{ xAxis: levels[i] }] } },
        // So that the axis reaches the level.
        { type: 'scatter', xAxisIndex: i, yAxisIndex: i, silent: true, symbolSize: 0, data: levels[i] === undefined ? [] : [[levels[i], 0]] },
      ]),
    });
  };

  const panels = (figure, keys, make, heading = (c) => title(data.channels[c])) => {
    const parent = figure.querySelector('[data-panels]');
    const wanted = keys.map(String);
    [...parent.children].forEach((panel) => { panel.hidden = !wanted.includes(panel.dataset.key); });
    keys.forEach((key) => {
      let panel = parent.querySelector(`:scope > [data-key="${key}"]`);
      if (!panel) {
        panel = element('div', undefined, { class: 'panel', 'data-key': key });
        panel.append(element('h4', heading(key)), element('div', undefined, { class: 'chart' }));
        parent.append(panel);
      }
      make(panel, key);
    });
  };

  // Filters.

  const option = (select, value, text) => {
    const made = element('option', text);
    made.value = value;
    select.append(made);
  };
  const form = document.getElementById('filters');
  const select = (name) => document.getElementById(`filter-${name}`);
  const worst = () => {
    const kept = data.sets.find((set) => set.kept);
    const all = data.channels.map((_, c) => c);
    return kept ? all.sort((a, b) => (kept.ks[b] ?? 0) - (kept.ks[a] ?? 0)).slice(0, MOST).sort((a, b) => a - b) : all.slice(0, MOST);
  };

  const setUp = () => {
    option(select('class'), '', 'All');
    for (let label = 0; label < data.classes; label++) option(select('class'), String(label), `Class ${label}`);
    if (data.channels.length > MOST) option(select('channel'), 'worst', `The ${MOST} that differ most`);
    option(select('channel'), 'all', `All ${data.channels.length}`);
    data.channels.forEach((channel, c) => option(select('channel'), String(c), channel.name));
    firstOfModels.forEach((model) => option(select('model'), model, model));
    synthetic.forEach((set) => option(select('set'), set.name, set.kept ? `${set.name}, kept` : set.name));
    if (data.kept) select('set').value = data.kept;
    ['class', 'channel', 'model', 'set'].forEach((name) => {
      select(name).parentElement.hidden = select(name).options.length < 2;
      select(name).addEventListener('change', () => show(name));
    });
    document.getElementById('show-examples').addEventListener('change', () => drawOne('trajectories'));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.hidden = false;
  };

  const read = () => {
    chosen.class = select('class').value === '' ? null : Number(select('class').value);
    const channel = select('channel').value;
    chosen.channels = channel === 'worst' ? worst() : channel === 'all' ? data.channels.map((_, c) => c) : [Number(channel)];
    chosen.model = select('model').value || null;
    chosen.set = select('set').value || null;
  };

  const drawOne = (id) => {
    const figure = document.getElementById(id);
    figure.hidden = !figures[id].has();
    if (!figure.hidden) figures[id].draw(figure);
  };

  const DEPENDS = {
    class: ['roc', 'precision-recall', 'trajectories', 'distributions', 'measured', 'embedding'],
    channel: ['coverage', 'trajectories', 'distributions', 'measured', 'channel-differences', 'correlations'],
    model: ['roc', 'precision-recall', 'utility-by-set', 'gain', 'utility-by-alpha'],
    set: ['roc', 'precision-recall'],
  };

  const show = (changed) => {
    read();
    document.querySelectorAll('tr[data-channel]').forEach((row) => { row.hidden = !chosen.channels.includes(Number(row.dataset.channel)); });
    (changed ? DEPENDS[changed] : Object.keys(figures)).forEach(drawOne);
    if (changed) {
      const what = chosen.channels.length === 1 ? data.channels[chosen.channels[0]].name : `${chosen.channels.length} channels`;
      document.getElementById('filter-status').textContent = `Showing ${className(chosen.class)}, ${what}${chosen.model ? `, ${chosen.model}` : ''}.`;
    }
  };

  // Print: the width of the paper, and every short table.

  let opened = [];
  addEventListener('beforeprint', () => {
    document.documentElement.classList.add('printing');
    charts.forEach((chart) => chart.resize());
    opened = [...document.querySelectorAll('details:not([open])')].filter((details) => {
      details.fill?.();
      return details.querySelectorAll('tr').length <= 15;
    });
    opened.forEach((details) => { details.open = true; });
  });
  addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    opened.forEach((details) => { details.open = false; });
    charts.forEach((chart) => chart.resize());
  });

  // What answers the purpose comes first.
  if (data.purpose === 'augment') {
    const [added, first] = ['utility-by-alpha', 'roc'].map((id) => document.getElementById(id));
    first.before(added);
  }
  setUp();
  show();
})();
