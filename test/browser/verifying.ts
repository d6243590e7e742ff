import type { Page } from 'playwright-core';

export type Verdict = 'good' | 'bad' | 'unable';

/** What a panel says in the end: the kind of its verdict, and the words of verdict and report. */
export interface Told {
  readonly verdict: Verdict;
  readonly title: string;
  readonly text: string;
}

/** Presses the panel's button and waits until it has come to an end. */
export async function verify(
  page: Page,
  act = (): Promise<void> => page.locator('[data-part=start]').click(),
): Promise<Told> {
  await page.locator('[data-part=start]:not([hidden])').waitFor();
  await act();
  const verdict = page.locator('.verdict');
  await page.locator('[data-state=done] .verdict').waitFor();
  const kinds = ((await verdict.getAttribute('class')) ?? '').split(' ');
  return {
    verdict: kinds[1] as Verdict,
    title: await verdict.locator('strong').innerText(),
    text: (await page.locator('[data-part=verdict], [data-part=report]').allInnerTexts()).join('\n'),
  };
}

/** The table of what differs: item, shown, recorded. */
export const differences = async (page: Page): Promise<string[][]> =>
  Promise.all(
    (await page.locator('.differences tbody tr').all()).map(async (row) => row.locator('td').allInnerTexts()),
  );

/** Opens everything that is folded in the panel. */
export const openAll = (page: Page): Promise<void> =>
  page.evaluate('for (const d of document.querySelectorAll(".verify details")) d.open = true');
