/**
 * Groups the members of a list by a key. The list may grow between calls; each member is read only once.
 *
 * @param keyOf must be the same for every call with the list; members without a key are in no group
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

/** The lists that have been grouped by one kind of key. */
export type Groupings<Member> = WeakMap<
  readonly Member[],
  { counted: number; readonly groups: Map<string, Member[]> }
>;
