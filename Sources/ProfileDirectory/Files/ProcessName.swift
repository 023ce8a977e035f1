import FileWatching
import Glibc
import Profiles

/// What a process is called: the first 15 bytes of its program's name.
struct ProcessName {
    let text: String

    /// Nil if there is no such process, as far as this one can see.
    init?(of process: Int32) {
        let number = unsafe open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = Descriptor(owning: number)
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(file.number, &bytes, bytes.count)
        let name = String(decoding: bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard !name.isEmpty else { return nil }
        text = name.escapedForDisplay
    }
}
