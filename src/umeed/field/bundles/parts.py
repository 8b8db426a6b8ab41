"""The parts of a group: all that a phone must know to keep its book for some days alone. One question a table, however
many groups are asked for.

A part is JSON. `sheets` only grows: what is new is sent and added. All others are sent whole when their digest
(`digests.digest_of`) differs from that which the phone has. Days are ISO unless said otherwise, amounts whole paise,
debits positive. What is empty or as usual is left out of records marked (…).

The *window* of a group begins on `since`, the first day of a month; what lies before it comes summed up. A phone can
say the facts of any day of the window.

self      {id, name, kind: "shg", village, place: number, book: number | null, since, opened_on, formed_on,
          frequency, meeting_day, meeting_date, meeting_place, saving_paise, meetings_before,
          closed_month: "YYYY-MM" | null: it and all before it are closed,
          cut_off: {on, last_meeting} | null: the one that stands,
          bylaws: [{since, savings: {head: paise}, takes_optional, rate_bp_a_year, method, part_month, frequency,
                    instalments, multiple, rounding: {unit, halves}, order: [part], fine_late, fine_absent, penalty,
                    quorum_percent, most, lends_to_overdue}] oldest first,
          above: [{id, kind: "vo" | "clf", name, from, until | null, keeps_from | null}],
          bodies: {id: name} of others that lines or loans name,
          sent: {body: [cash, bank]} what they have sent by today and nobody counted in, as their books say,
          clashes: [{id, uid, said, came_at}] that nobody has settled}
          Of a group whose book was not opened yet `book` and `opened_on` are null, and all other parts but women empty.
women     [{id, name, during: [[from, until | null]], kept, revision, profile: {field: value}, covered: [field]}] (…)
          By name, as the server sorts; `during` is empty of records that lines name only. `kept`: the record into which
          hers was merged at last. `covered` are fields that are filled in and not told.
loans     {loans: [{n, uid, way, head, woman, body, called, lent_on, source, purpose, request, twin, is_cash_credit,
                    agreements: [{id, since, principal_paise, rate_bp_a_year, method, frequency, instalments, first_due,
                                  multiple_paise, rounding_paise, halves, part_month, overdue_principal_paise,
                                  overdue_interest_paise, overdue_since, run_paise, resolution, carried}] oldest first,
                    limits: [[day, paise]]}],
          usual: {column: the most frequent value} of agreements: of a row that does not say it}
          By `n`, the number of the loan in the book. Those that were repaid before the window and do not move in it are
          left out. (…)
before    {heads: {number: paise}, women: [[woman, number of the saving, paise]],
          loans: [[n, day, number of the head, 0 | 1 written off, paise]], ways: [[body, moved, of it sent by them]]}
          Sums of all that lies before the window, debits less credits; of loans that are told, by day.
meetings  {women: [id], id: [id | null], number, version: [int], on: [days since the one before, the first since
          `since`], kind: ["regular" | "extra" | "missed" | "undone"], sheet: [id | 0], president: [at in women | -1],
          came: ["p" present, "l" late, "a" absent, "v" on leave, "-" none of these; a letter a woman], counted: [paise],
          replaces: {row: row}, gone: [row] replaced by another,
          fines: {row: [[woman, paise]]} for being absent, brought: {row: [[woman, number of the saving, paise]]} for
          those who were away; women by their place in `women`,
          before: {numbers: [int], days: [int], met: day | null, held: day | null}}
          Rows by (day, number, version): those of the window and the last 12 that stand before it. `before` has number
          and day of all that stand before the window, each as its difference from the one before (days from
          1970-01-01), the last regular one with a number (`met`) and the last that was held or missed (`held`).
          The id is told of meetings since the first whose document is told (below), else null.
said      [{id, said, closed_at, also: [sheet]}] the documents of the last 8 meetings that may still be corrected; `also`
          are sheets that are taken back with them besides their own.
queue     {asked: [{id, woman, asked_on, amount_paise, purpose, instalments, note, loan}] by (asked_on, id),
          decided: [{id, request, decided_on, outcome, amount_paise, way, voted, promised_on, jump_why, why}] in the
          order in which they hold} (…) What waits, and what was decided or paid out in the window.
sheets    {first: bool, since, ids: [difference from the one before, the first whole], on: [days, as of meetings],
          kind: [int], reverses: {row: sheet}, theirs: [row], off: [row], lines: [how many],
          heads, women, loans, bodies: [number | at | n | at], what an account is: head, woman, loan, body,
          who: [id], whom: [id] women and bodies that accounts name,
          account: [at] of every line, paise: [int] of every line but the first of each sheet: lines add up to nothing}
          By id. `first`: these are all of the window, not only new ones. `theirs`: an event or a cut-off, or what takes
          one back, so that its lines of money on the way say what others sent; `off`: writes a loan off or takes that
          back.
"""
