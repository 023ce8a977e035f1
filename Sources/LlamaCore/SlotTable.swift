import Profiles

/// Which sequence of the context's memory belongs to whom, and what the free ones still hold.
///
/// A request that has ended leaves its tokens in its slot. A later one with the same steering and the same beginning
/// takes the slot over and computes only the rest. Steering changes what is remembered of a token, so tokens
/// computed under another plan are never taken over.
struct SlotTable {
    private struct Slot {
        var isTaken = false
        /// What is remembered while the slot is free.
        var tokens: [Int32] = []
        var plan: ContentDigest?
        /// When the slot became free.
        var freed: UInt64 = 0
    }

    private var slots: [Slot]
    private var clock: UInt64 = 0

    init(count: Int) {
        slots = Array(repeating: Slot(), count: count)
    }

    var hasFree: Bool { slots.contains { !$0.isTaken } }

    /// The tokens that the free slots hold.
    var idleTokens: Int { slots.reduce(0) { $0 + $1.tokens.count } }

    /// Takes the slot that suits the tokens best.
    ///
    /// - Returns: The slot, and how many of the tokens it holds already; behind these its memory must be forgotten.
    ///   nil if none is free.
    mutating func take(for tokens: [Int32], plan: ContentDigest) -> (slot: Int, common: Int)? {
        let free = slots.indices.filter { !slots[$0].isTaken }
        guard let oldest = free.min(by: { slots[$0].freed < slots[$1].freed }) else { return nil }
        var best = (slot: free.first { slots[$0].tokens.isEmpty } ?? oldest, common: 0)
        for index in free where slots[index].plan == plan {
            // The last token is computed again, for its logits.
            let common = zip(slots[index].tokens, tokens.dropLast()).prefix { $0 == $1 }.count
            // A long memory is not given up for a short beginning while there is an empty slot.
            let isWorthIt = 2 * common >= slots[index].tokens.count || !slots[best.slot].tokens.isEmpty
            if common > best.common, isWorthIt { best = (index, common) }
        }
        slots[best.slot] = Slot(isTaken: true)
        return best
    }

    /// Gives a slot back.
    ///
    /// - Parameter tokens: What its memory holds, computed under `plan`.
    mutating func free(_ slot: Int, holding tokens: [Int32], plan: ContentDigest?) {
        clock += 1
        slots[slot] = Slot(tokens: tokens, plan: plan, freed: clock)
    }

    /// Empties the free slot that has been so for longest.
    ///
    /// - Returns: The slot, whose memory must be forgotten; nil if no free slot holds anything.
    mutating func evict() -> Int? {
        let holding = slots.indices.filter { !slots[$0].tokens.isEmpty }
        guard let oldest = holding.min(by: { slots[$0].freed < slots[$1].freed }) else { return nil }
        slots[oldest] = Slot()
        return oldest
    }
}
