/// Finds the places of keys: one hash table with open addressing for all mappings of a text, which keeps no keys.
///
/// The hash is seeded anew in every process, so that nobody can make up a file whose keys all collide.
struct KeyTable {
    private static let seed = UInt64.random(in: .min ... .max)
    private static let factor = UInt64.random(in: .min ... .max) | 1

    private let seed = Self.seed
    private let factor = Self.factor

    /// Places fit, because there are no more nodes than ``Limits/nodes``.
    private struct Slot {
        /// Half of a key's hash, from bit 16 on its mapping's place, and from bit 0 on its own + 1; 0 without a key.
        let bits: UInt64

        static let empty = Slot()

        private init() { bits = 0 }

        init(hash: UInt64, mapping: Int, key: Int) {
            bits = hash &<< 32 | UInt64(truncatingIfNeeded: mapping &<< 16 | key + 1)
        }

        var isEmpty: Bool { bits == 0 }
        var key: Int { Int(bits & 0xFFFF) - 1 }
        func isLike(_ other: Slot) -> Bool { (bits ^ other.bits) >> 16 == 0 }
    }

    /// Always a power of two, and never more than three quarters full.
    private var slots: [Slot]
    /// How many more keys fit.
    private var room: Int

    /// A table for the keys of a text, with room for as many as there usually are.
    init(textLength: Int) {
        // A line of a profile has some 16 bytes.
        let keys = min(textLength / 16, Limits.nodes / 2)
        slots = Self.emptySlots(1 << (Int.bitWidth - (keys * 4 / 3 | 15).leadingZeroBitCount))
        room = slots.count / 4 * 3
    }

    /// In this way the compiler makes code for slots; `Array(repeating:count:)` looks types up at run time.
    private static func emptySlots(_ count: Int) -> [Slot] {
        var slots: [Slot] = []
        slots.reserveCapacity(count)
        slots.append(contentsOf: repeatElement(.empty, count: count))
        return slots
    }

    /// Takes a key unless the same one is there.
    ///
    /// - Returns: The place of the same key in the same mapping; nil if the key is new.
    mutating func insert(keyAt key: Int, ofMappingAt mapping: Int, in table: NodeTable) -> Int? {
        let contents = table.rows[key].contents
        let hash = unsafe hash(table.texts.span.bytes, contents, mapping)
        let slot = Slot(hash: hash, mapping: mapping, key: key)
        if room == 0 { grow() }
        room &-= 1
        var index = start(slot)
        while !slots[index].isEmpty {
            if slots[index].isLike(slot) {
                let other = slots[index].key
                if table.texts[table.rows[other].contents].elementsEqual(table.texts[contents]) { return other }
            }
            index = next(index)
        }
        slots[index] = slot
        return nil
    }

    /// Where to begin to look.
    private func start(_ slot: Slot) -> Int { Int(slot.bits >> 32) & (slots.count - 1) }

    private func next(_ index: Int) -> Int { (index + 1) & (slots.count - 1) }

    private mutating func grow() {
        let old = slots
        slots = Self.emptySlots(old.count * 4)
        room += (slots.count - old.count) / 4 * 3
        for slot in old where !slot.isEmpty {
            var index = start(slot)
            while !slots[index].isEmpty { index = next(index) }
            slots[index] = slot
        }
    }

    /// Eight bytes at a time, each folded in by a multiplication to 128 bits, as wyhash does (Wang Yi, 2019).
    private func hash(_ texts: RawSpan, _ key: Range<Int>, _ mapping: Int) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: mapping &<< 32 | key.count)
        var end = key.upperBound
        while end - key.lowerBound > 8 {
            hash = mix(hash ^ texts.word(endingAt: end, count: 8))
            end -= 8
        }
        hash = mix(hash ^ texts.word(endingAt: end, count: end - key.lowerBound))
        return hash ^ hash &>> 32
    }

    private func mix(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: factor)
        return product.high ^ product.low &+ seed
    }
}
