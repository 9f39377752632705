// SQL set in lines for reading. The statement itself stays as it ran.

const PIECES = /('(?:[^']|'')*'|"(?:[^"]|"")*")|\b(FROM|LEFT JOIN|INNER JOIN|JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|UNION)\b|\b(AND|OR)\b/g;

export function inLines(sql) {
  return sql.replace(PIECES, (whole, quoted, clause, link) => (clause ? `\n${whole}` : link ? `\n  ${whole}` : whole)).replace(/[ \t]+\n/g, "\n").trim();
}
