import Glibc
import Profiles

extension Timestamp {
    /// The time in the local time zone, to the minute: `2026-01-30 12:00`.
    var localMinute: String { localText(withSeconds: false) }

    /// The time in the local time zone, to the second: `2026-01-30 12:00:00`.
    var localSecond: String { localText(withSeconds: true) }

    /// The time of the day in the local time zone, to the second: `12:00:00`.
    var localTimeOfDay: String { String(localText(withSeconds: true).suffix(8)) }

    private func localText(withSeconds: Bool) -> String {
        var time = time_t(microseconds / 1_000_000)
        var parts = unsafe tm()
        unsafe localtime_r(&time, &parts)
        let format = withSeconds ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M"
        var text = [CChar](repeating: 0, count: 64)
        let length = unsafe strftime(&text, text.count, format, &parts)
        return String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
