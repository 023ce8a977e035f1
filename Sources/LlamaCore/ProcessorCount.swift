import FoundationEssentials

/// How many threads compute well on this machine.
enum ProcessorCount {
    /// The physical cores that the process may use, at least 1.
    ///
    /// Counts cores, not hyperthreads, among the processors of the process's affinity mask, and heeds a container's
    /// quota: ggml's threads spin while they wait for each other, and collapse where they have no core of their own.
    static var physical: Int {
        let processors = allowedProcessors
        let cores = Set(processors.map { siblings(of: $0) ?? String($0) })
        return max(1, min(cores.count, quota ?? .max))
    }

    /// The process's affinity mask, as `0-3,8` in the kernel's own words.
    private static var allowedProcessors: [Int] {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let key = "Cpus_allowed_list:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return [] }
        return line.dropFirst(key.count).split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }

    /// The list of processors that share this one's core; nil if the kernel does not tell.
    private static func siblings(of processor: Int) -> String? {
        try? String(
            contentsOfFile: "/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list",
            encoding: .utf8
        )
    }

    /// The whole processors that the control group's quota comes to; nil if there is none.
    private static var quota: Int? {
        guard let text = try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8) else { return nil }
        let fields = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard fields.count == 2, let budget = fields[0], let period = fields[1], period > 0 else { return nil }
        return max(1, Int(budget / period))
    }
}
