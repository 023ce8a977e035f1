/// Finds the places of keys: one hash table with open addressing for all mappings of a text, which keeps no keys.
///
/// The hash is seeded anew in every process, so that nobody can make up a file whose keys all collide.
struct KeyTable {
    private static let seed = UInt64.random(in: .min ... .max)
    private static let factor = UInt64.random(in: .min ... .max) | 1

    private let seed = Self.seed
    private let factor = Self.factor

    private struct Slot {
        var hash: UInt32
        /// The mapping's place.
        var mapping: Int32
        /// The key's place; that of no key where there is none.
        var key: Int32

        static let empty = Slot(hash: 0, mapping: 0, key: -1)
    }

    /// Always a power of two, and never more than half full.
    private var slots = [Slot](repeating: .empty, count: 64)
    private var count = 0

    /// Takes a key unless the same one is there.
    ///
    /// - Returns: The place of the same key in the same mapping; nil if the key is new.
    mutating func insert(keyAt key: Int, ofMappingAt mapping: Int, in table: NodeTable) -> Int? {
        let contents = table.rows[key].contents
        let hash = hash(table.texts.span.extracting(contents), mapping)
        var index = start(hash)
        while slots[index].key >= 0 {
            let slot = slots[index]
            if slot.hash == hash, slot.mapping == mapping {
                let other = table.rows[Int(slot.key)].contents
                if table.texts[other].elementsEqual(table.texts[contents]) { return Int(slot.key) }
            }
            index = next(index)
        }
        slots[index] = Slot(
            hash: hash,
            mapping: Int32(truncatingIfNeeded: mapping),
            key: Int32(truncatingIfNeeded: key)
        )
        count += 1
        if count * 2 > slots.count { grow() }
        return nil
    }

    /// Where to begin to look.
    private func start(_ hash: UInt32) -> Int { Int(hash) & (slots.count - 1) }

    private func next(_ index: Int) -> Int { (index + 1) & (slots.count - 1) }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: .empty, count: old.count * 4)
        for slot in old where slot.key >= 0 {
            var index = start(slot.hash)
            while slots[index].key >= 0 { index = next(index) }
            slots[index] = slot
        }
    }

    /// Eight bytes at a time, each folded in by a multiplication to 128 bits, as wyhash does (Wang Yi, 2019).
    private func hash(_ text: Span<UInt8>, _ mapping: Int) -> UInt32 {
        var hash = seed ^ UInt64(truncatingIfNeeded: mapping &<< 32 | text.count)
        var chunk: UInt64 = 0
        for index in text.indices {
            chunk = chunk &<< 8 | UInt64(text[index])
            if index & 7 == 7 || index == text.count - 1 {
                let product = (hash ^ chunk).multipliedFullWidth(by: factor)
                hash = product.high ^ product.low &+ seed
                chunk = 0
            }
        }
        return UInt32(truncatingIfNeeded: hash ^ hash &>> 32)
    }
}
