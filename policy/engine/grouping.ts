/**
 * The members of a list by a key. A list may have grown since it was asked for last; no member is looked at twice.
 *
 * @param keyOf the same whenever the list is asked for; members without a key are in no group
 */
export function grouped<Member>(
  list: readonly Member[],
  groupings: Groupings<Member>,
  keyOf: (member: Member) => string | undefined,
): ReadonlyMap<string, readonly Member[]> {
  const grouping = groupings.get(list) ?? { counted: 0, groups: new Map<string, Member[]>() };
  groupings.set(list, grouping);
  const { counted, groups } = grouping;
  grouping.counted = list.length;
  for (const member of list.slice(counted)) {
    const key = keyOf(member);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return groups;
}

/** Lists that have been grouped by one sort of key. */
export type Groupings<Member> = WeakMap<
  readonly Member[],
  { counted: number; readonly groups: Map<string, Member[]> }
>;
