import { type Depot, MemoryDepot } from './depot';
import { IndexedDbDepot } from './indexeddb-depot';
import { OpfsDepot } from './opfs-depot';

/** The best storage that this browser allows here: its private file system, its database, or, where both are forbidden, memory. */
export async function openDepot(): Promise<Depot> {
  for (const open of [() => OpfsDepot.open(), () => IndexedDbDepot.open()]) {
    try {
      return await open();
    } catch {
      // Missing or forbidden: the next one.
    }
  }
  return new MemoryDepot();
}
