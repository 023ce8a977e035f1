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
    /// How many keys have come, repeated ones included.
    private var count = 0

    /// A table for the keys of a text, with room for as many as there usually are.
    init(textLength: Int) {
        // A line of a profile has 12 bytes or more.
        let keys = min(textLength / 12, Limits.nodes / 2)
        slots = Self.emptySlots(1 << (Int.bitWidth - (keys * 4 / 3 | 15).leadingZeroBitCount))
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
        if count * 4 >= slots.count * 3 { grow() }
        count += 1
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
        repeat {
            let count = min(8, end - key.lowerBound)
            let product = (hash ^ Self.word(texts, endingAt: end, count: count)).multipliedFullWidth(by: factor)
            hash = product.high ^ product.low &+ seed
            end -= count
        } while end > key.lowerBound
        return hash ^ hash &>> 32
    }

    /// Up to eight bytes as a number.
    private static func word(_ texts: RawSpan, endingAt end: Int, count: Int) -> UInt64 {
        guard end >= 8, count > 0 else {
            return (end - count..<end).reduce(0) {
                unsafe $0 &<< 8 | UInt64(texts.unsafeLoad(fromByteOffset: $1, as: UInt8.self))
            }
        }
        // What stands before them is shifted out.
        let word = unsafe texts.unsafeLoadUnaligned(fromByteOffset: end - 8, as: UInt64.self)
        return UInt64(bigEndian: word) & (UInt64.max &>> UInt64(64 - 8 * count))
    }
}
