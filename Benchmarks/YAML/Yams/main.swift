// Times Yams' YAMLDecoder: yams-benchmark FILE SECONDS prints the nanoseconds of one reading.

import Foundation
import Yams

/// What this project reads a file to.
struct Profile: Decodable {
    var version: Int
    var name: String
    var description: String?
    var model: String?
    var sae: String?
    var layer: Int?
    var steering: [Int: Double]
}

let data = try Data(contentsOf: URL(filePath: CommandLine.arguments[1]))
let clock = ContinuousClock()
let end = clock.now.advanced(by: .seconds(Double(CommandLine.arguments[2]) ?? 1))
var best = Duration.seconds(3_600)
repeat {
    let time = try clock.measure {
        let profile = try YAMLDecoder().decode(Profile.self, from: data)
        precondition(!profile.steering.isEmpty)
    }
    best = min(best, time)
} while clock.now < end
print(Int(best.components.seconds) * 1_000_000_000 + Int(best.components.attoseconds / 1_000_000_000))
