// swift-tools-version: 6.2
import PackageDescription

/// Settings of every target: Swift 6 mode comes with the tools version, the rest is asked for here.
var swiftSettings: [SwiftSetting] = [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

// Warnings stop the project's own checks, never a user's build with a newer compiler.
if Context.environment["MILLM_WARNINGS_AS_ERRORS"] == "1" {
    swiftSettings.append(.treatAllWarnings(as: .error))
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")

let package = Package(
    name: "millm-profiles",
    products: [
        .executable(name: "millm", targets: ["millm"]),
        .executable(name: "millmd", targets: ["millmd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // C libraries: module maps and shim headers only.
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLlama", pkgConfig: "llama"),
        .systemLibrary(name: "CLinux"),

        // From a file on disk …
        .target(name: "YAML", dependencies: ["CYAML"]),
        .target(name: "Profiles", dependencies: ["YAML", crypto]),
        .target(name: "FileWatching", dependencies: ["CLinux"]),
        .target(name: "ProfileDirectory", dependencies: ["Profiles", "FileWatching", "CLinux", crypto]),

        // … to the model that it steers …
        .target(name: "Steering", dependencies: ["YAML", "Profiles", crypto]),
        .target(name: "LlamaCore", dependencies: ["Profiles", "Steering", "CLlama"]),
        .target(
            name: "Reconciliation",
            dependencies: ["YAML", "ProfileDirectory", "FileWatching", "Steering", logging]
        ),

        // … and the ways in.
        .target(name: "HTTPAPI", dependencies: ["Reconciliation", "Steering", hummingbird, lifecycle, logging]),
        .target(
            name: "MillmCommands",
            dependencies: [
                "YAML", "Profiles", "FileWatching", "ProfileDirectory", "Steering", "Reconciliation", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            // Links to Templates/: a millm that is installed alone has them, too.
            resources: [.embedInCode("Resources/blank.yaml"), .embedInCode("Resources/commented.yaml")]
        ),
        .executableTarget(name: "millm", dependencies: ["MillmCommands", "Profiles"]),
        .executableTarget(
            name: "millmd",
            dependencies: [
                "FileWatching", "Profiles", "ProfileDirectory", "Steering", "LlamaCore", "Reconciliation", "HTTPAPI",
                hummingbird, lifecycle, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),

        // Tests.
        .target(name: "MillmTesting", dependencies: ["Profiles", "ProfileDirectory", "Steering", "Reconciliation"]),
        .testTarget(name: "YAMLTests", dependencies: ["YAML"]),
        .target(name: "ProfileProperties", dependencies: ["Profiles", "YAML"], path: "Tests/ProfileProperties"),
        .testTarget(
            name: "ProfilesTests",
            dependencies: ["Profiles", "YAML", "ProfileProperties", "MillmTesting"],
            exclude: ["Fixtures"]
        ),
        .testTarget(name: "FileWatchingTests", dependencies: ["FileWatching", "MillmTesting"]),
        .testTarget(name: "ProfileDirectoryTests", dependencies: ["ProfileDirectory", "CLinux", "MillmTesting"]),
        .testTarget(name: "SteeringTests", dependencies: ["Steering", "Profiles", "YAML", "MillmTesting"]),
        .testTarget(
            name: "LlamaCoreTests",
            dependencies: ["LlamaCore", "Steering", "Profiles", "CLlama", "MillmTesting"]
        ),
        .testTarget(name: "ReconciliationTests", dependencies: ["Reconciliation", "MillmTesting"]),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "HTTPAPI", "MillmTesting",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
        .testTarget(
            name: "MillmCommandsTests",
            dependencies: [
                "MillmCommands", "ProfileDirectory", "Profiles", "FileWatching", "Reconciliation", "millm",
                "MillmTesting",
                logging,
            ],
            exclude: ["Fixtures"]
        ),
        .target(name: "CTracing", path: "Tests/CTracing"),
        .testTarget(
            name: "UnderFireTests",
            dependencies: [
                "FileWatching", "Profiles", "ProfileDirectory", "Steering", "Reconciliation", "CLinux", "CTracing",
                "millm", "millmd", "HTTPAPI", "MillmTesting", logging,
            ]
        ),
        .testTarget(
            name: "MillmdTests",
            dependencies: [
                "millm", "millmd", "HTTPAPI", "MillmTesting", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
    ]
)

// What a contributor runs now and then, and nobody has to build otherwise.
if Context.environment["MILLM_BENCHMARKS"] == "1" {
    package.dependencies.append(.package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"))
    package.targets += [
        .executableTarget(
            name: "reload-benchmark",
            dependencies: [
                "FileWatching", "Profiles", "ProfileDirectory", "Steering", "LlamaCore", "Reconciliation", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Reload",
            exclude: ["rival.py"]
        ),
        .executableTarget(
            name: "yaml-benchmark",
            dependencies: ["Profiles", "YAML", "CYAML"],
            path: "Benchmarks/YAML/Profiles"
        ),
        // A program of its own: Yams brings its own copy of libyaml, whose symbols would hide the system's.
        .executableTarget(
            name: "yams-benchmark",
            dependencies: [.product(name: "Yams", package: "Yams")],
            path: "Benchmarks/YAML/Yams"
        ),
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings = swiftSettings
}
