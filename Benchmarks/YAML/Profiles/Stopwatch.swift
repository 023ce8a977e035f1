/// Times short pieces of work.
enum Stopwatch {
    /// The least time that one run took, out of those that fit into some seconds.
    ///
    /// On a machine that others use, too, the least time is the one that others have disturbed least.
    static func nanoseconds(for seconds: Double, _ work: () -> Void) -> Int {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(seconds))
        var best = Duration.seconds(3_600)
        repeat { best = min(best, clock.measure(work)) } while clock.now < end
        return Int(best.components.seconds) * 1_000_000_000 + Int(best.components.attoseconds / 1_000_000_000)
    }
}
