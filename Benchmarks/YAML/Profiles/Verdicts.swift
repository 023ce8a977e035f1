import Foundation
import Profiles

/// How long verdicts take at most: on a corpus, and on texts that are made to cost much.
enum Verdicts {
    private struct Verdict {
        var name: String
        var size: Int
        var milliseconds: Double
        var findings: Int
    }

    /// Prints the slowest verdicts, each the best of a few runs, and fails if one takes 50 ms.
    static func run(on paths: [String]) {
        let files = paths.flatMap(self.files).map { path in
            (path, (try? Data(contentsOf: URL(filePath: path))).map(Array.init) ?? [])
        }
        let texts = files + CostlyText.all.map { ($0.name, Array($0.text.utf8)) }
        let verdicts = texts.map { verdict($0.0, $0.1) }.sorted { $0.milliseconds > $1.milliseconds }
        print("\(files.count) files, \(CostlyText.all.count) costly texts; the slowest verdicts:")
        for verdict in verdicts.prefix(25) {
            let time = String(format: "%8.3f ms", verdict.milliseconds)
            print("\(time)  \(verdict.size) bytes  \(verdict.findings) findings  \(verdict.name)")
        }
        guard let slowest = verdicts.first, slowest.milliseconds < 50 else { exit(1) }
    }

    private static func verdict(_ name: String, _ bytes: [UInt8]) -> Verdict {
        var findings = 0
        var best = Double.infinity
        for _ in 0..<5 {
            let time = ContinuousClock().measure {
                findings = ProfileDecoder.decode(bytes, file: name).diagnostics.count
            }
            best = min(best, Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3)
        }
        return Verdict(name: name, size: bytes.count, milliseconds: best, findings: findings)
    }

    private static func files(_ path: String) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
        return names.sorted().map { "\(path)/\($0)" }
    }
}
