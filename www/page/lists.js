/* Lists that are read again while somebody works in them. */

const said = new WeakMap();

/*
 * A row that says what it said before stays the same element: the focus,
 * and a button that has asked "Really?", outlive a second look at the list.
 */
export function showRows(list, items, makeRow) {
  const before = new Map([...list.children].map((row) => [said.get(row), row]));
  const rows = items.map((item) => {
    const text = JSON.stringify(item);
    const row = before.get(text) ?? makeRow(item);
    said.set(row, text);
    return row;
  });
  for (const row of [...list.children]) if (!rows.includes(row)) row.remove();
  rows.forEach((row, i) => {
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
}

/* An answer that was overtaken by a later question's is null. */
export function newestOf(ask) {
  let newest = 0;
  return async (...question) => {
    newest += 1;
    const mine = newest;
    const answer = await ask(...question);
    return mine === newest ? answer : null;
  };
}
