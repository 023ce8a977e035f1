// Times this project's reading of profiles.
//
//     yaml-benchmark profiles|events FILE SECONDS   nanoseconds of one reading: to a Profile, or libyaml's events alone
//     yaml-benchmark verdicts PATH…                 the slowest verdicts on files and on texts made to cost much

import Foundation

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "profiles" where arguments.count == 3, "events" where arguments.count == 3:
    let bytes = Array(try Data(contentsOf: URL(filePath: arguments[2])))
    let seconds = Double(arguments[3]) ?? 1
    let reading = arguments[1] == "profiles" ? readProfile : readEvents
    print(Stopwatch.nanoseconds(for: seconds) { reading(bytes) })
case "verdicts":
    Verdicts.run(on: Array(arguments.dropFirst()))
default:
    FileHandle.standardError.write(Data("usage: yaml-benchmark profiles|events FILE SECONDS | verdicts PATH…\n".utf8))
    exit(2)
}
