import Foundation

/// How much is fired: a bounded number in every run of the tests, all of it with `make fire`.
enum Scale {
    static let isFull = ProcessInfo.processInfo.environment["MILLM_FIRE"] == "1"

    /// The number for this run.
    static func count(_ small: Int, full: Int) -> Int { isFull ? full : small }

    /// Tells a result on standard output, where `make fire` leaves its numbers.
    static func report(_ text: String) {
        print("under fire: " + text)
    }
}
