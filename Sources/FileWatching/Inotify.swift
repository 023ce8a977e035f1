import Glibc

/// An inotify instance.
package struct Inotify: ~Copyable, Sendable {
    /// What happened, to one name of a watched directory or to the directory itself.
    package struct Event {
        /// The watch; -1 if the kernel's queue overflowed.
        package var watch: Int32
        /// `IN_…` bits.
        package var mask: UInt32
        /// The name in the directory; nil for an event of the directory itself.
        package var name: String?
    }

    let descriptor: Descriptor

    /// - Throws: `EMFILE` when the user has too many instances, `ENOSYS` where there is no inotify.
    package init() throws(SystemError) {
        let number = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard number >= 0 else { throw SystemError("inotify_init1") }
        descriptor = Descriptor(owning: number)
    }

    /// Watches a directory. One that is watched already gets the events of both masks.
    ///
    /// - Throws: `ENOSPC` when the user has too many watches, and what the path gives.
    package func watch(_ path: String, mask: UInt32) throws(SystemError) -> Int32 {
        let mask = mask | UInt32(IN_ONLYDIR) | UInt32(IN_MASK_ADD)
        let watch = unsafe inotify_add_watch(descriptor.number, path, mask)
        guard watch >= 0 else { throw SystemError("inotify_add_watch") }
        return watch
    }

    /// Ends a watch. One that the kernel has ended is left alone.
    func unwatch(_ watch: Int32) {
        _ = inotify_rm_watch(descriptor.number, watch)
    }

    /// The events that have come since the last call; none if nothing happened.
    package func events() throws(SystemError) -> [Event] {
        // Room for several hundred events; what does not fit comes with the next call.
        let capacity = 64 * 1024
        let (count, error, events) = unsafe withUnsafeTemporaryAllocation(
            byteCount: capacity,
            alignment: MemoryLayout<inotify_event>.alignment
        ) { buffer -> (Int, Int32, [Event]) in
            let count = unsafe read(descriptor.number, buffer.baseAddress, buffer.count)
            guard count > 0 else { return (count, errno, []) }
            return unsafe (count, 0, Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        }
        guard count >= 0 || error == EAGAIN || error == EINTR else { throw SystemError("read", error) }
        return events
    }

    /// Takes apart what the kernel wrote: headers, each with a name that is padded with zeros.
    private static func parse(_ bytes: UnsafeRawBufferPointer) -> [Event] {
        var events: [Event] = []
        var offset = 0
        let headerSize = MemoryLayout<inotify_event>.size
        while offset + headerSize <= bytes.count {
            let header = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let start = offset + headerSize
            offset = start + Int(header.len)
            let name = unsafe bytes[start..<offset].prefix { $0 != 0 }
            events.append(
                Event(
                    watch: header.wd,
                    mask: header.mask,
                    name: unsafe name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
                )
            )
        }
        return events
    }
}
