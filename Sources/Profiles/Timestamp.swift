package import Glibc

/// An instant to the microsecond, written `2026-01-30T12:00:00.123456Z`.
package struct Timestamp: Hashable, Sendable, Comparable, TextCodable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// An instant as system calls report it.
    package init(_ time: timespec) {
        microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// The wall clock's time.
    package static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(time)
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }

    package var description: String {
        var (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        if fraction < 0 {
            seconds -= 1
            fraction += 1_000_000
        }
        var time = time_t(seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = unsafe "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let hour = unsafe "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(day)T\(hour).\(padded(fraction, 6))Z"
    }

    /// Reads the written form; nil if it is none.
    package init?(_ description: String) {
        let fields = description.split(whereSeparator: { "-T:.Z".contains($0) })
        let numbers = fields.compactMap { Int64($0) }
        // Later years do not fit in 64 bits of microseconds.
        guard numbers.count == 7, numbers[0] < 200_000, numbers.allSatisfy({ $0 < 1_000_000 }) else { return nil }
        var parts = unsafe tm()
        unsafe parts.tm_year = Int32(truncatingIfNeeded: numbers[0] - 1900)
        unsafe parts.tm_mon = Int32(truncatingIfNeeded: numbers[1] - 1)
        unsafe parts.tm_mday = Int32(truncatingIfNeeded: numbers[2])
        unsafe parts.tm_hour = Int32(truncatingIfNeeded: numbers[3])
        unsafe parts.tm_min = Int32(truncatingIfNeeded: numbers[4])
        unsafe parts.tm_sec = Int32(truncatingIfNeeded: numbers[5])
        self.init(microseconds: unsafe Int64(timegm(&parts)) * 1_000_000 + numbers[6])
        // What does not come out as it went in was no such time: the 31st of February, say.
        guard self.description == description else { return nil }
    }
}
