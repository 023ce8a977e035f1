import Foundation
import MillmTesting
import Steering
import Testing

/// A `.safetensors` file's bytes: the header's length, the header, the data.
func safeTensors(_ header: String, data: [UInt8], length: UInt64? = nil) -> Data {
    let header = Array(header.utf8)
    let prefix = unsafe withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { unsafe Array($0) }
    return Data(prefix + header + data)
}

@Suite struct `Safetensors files` {
    @Test func `rows of each float type are read, wherever they lie`() async throws {
        try await withTemporaryDirectory { directory in
            // An odd header length leaves every number unaligned.
            let header = """
                {"__metadata__":{"format":"pt"}, "f":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},
                "h":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},
                "b":{"dtype":"BF16","shape":[2,1],"data_offsets":[12,16]},
                "i":{"dtype":"I64","shape":[1,1],"data_offsets":[8,16]}}
                """
            let data: [UInt8] = [
                0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0,  // 1, −2.5
                0x00, 0x3C, 0x01, 0x00,  // 1, the smallest subnormal
                0x80, 0x3F, 0x49, 0x40,  // 1, 3.140625
            ]
            let path = directory + "/a.safetensors"
            try safeTensors(header + (header.utf8.count % 2 == 0 ? " " : ""), data: data).write(to: URL(filePath: path))
            let file = try SafeTensors(path: path)
            #expect(try file.row(0, of: "f") == [1])
            #expect(try file.row(1, of: "f") == [-2.5])
            #expect(try file.row(0, of: "h") == [1, 5.9604645e-08])
            #expect(try file.row(1, of: "b") == [3.140625])
            #expect(file.tensors["i"]?.shape == [1, 1])
            for (row, name) in [(2, "f"), (-1, "f"), (0, "missing"), (0, "i")] {
                let error = #expect(throws: SteeringError.self) { try file.row(row, of: name) }
                #expect(error?.code == .invalidFile)
            }
        }
    }

    @Test(arguments: [
        (Data(), "only 0 bytes"),
        (Data([1, 2, 3]), "only 3 bytes"),
        (safeTensors("{}", data: [], length: 3), "header claims 3 bytes"),
        (safeTensors("{}", data: [], length: .max), "header claims"),
        (safeTensors("not json", data: []), "JSON"),
        (safeTensors("[1]", data: []), "JSON"),
        (safeTensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, data: [0, 0, 0, 0]), "inside the file"),
        (safeTensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0]), "inside the file"),
        (
            safeTensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, data: [0, 0, 0, 0]),
            "inside the file"
        ),
        (
            safeTensors(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: [0, 0, 0, 0]),
            "inside the file"
        ),
        (safeTensors(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), "4 bytes for 2"),
        (safeTensors(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]), "shape"),
        (
            safeTensors(
                #"{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,4]}}"#,
                data: [0, 0, 0, 0]
            ), "shape"
        ),
    ])
    func `nonsense is refused with the file's name and a reason`(bytes: Data, reason: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.safetensors"
            try bytes.write(to: URL(filePath: path))
            let error = #expect(throws: SteeringError.self) { try SafeTensors(path: path) }
            #expect(error?.code == .invalidFile)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        }
    }

    @Test func `a header of gigabytes is not read`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.safetensors"
            try safeTensors("{}", data: [], length: 1 << 30).write(to: URL(filePath: path))
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.truncate(atOffset: 2 << 30)
            try handle.close()
            let error = #expect(throws: SteeringError.self) { try SafeTensors(path: path) }
            #expect(error?.message.contains("are not read") == true)
        }
    }

    @Test func `a file that is cut short while it is in use is an error and no crash`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.safetensors"
            let header = #"{"a":{"dtype":"F32","shape":[4096,1],"data_offsets":[0,16384]}}"#
            try safeTensors(header, data: [UInt8](repeating: 0, count: 16384)).write(to: URL(filePath: path))
            let file = try SafeTensors(path: path)
            #expect(try file.row(4095, of: "a") == [0])
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.truncate(atOffset: 100)
            try handle.close()
            let error = #expect(throws: SteeringError.self) { try file.row(4095, of: "a") }
            #expect(error?.message.contains("cut short") == true)
        }
    }

    @Test func `a value that is no number is refused where it is read`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/a.safetensors"
            let header = #"{"a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}"#
            try safeTensors(header, data: [0, 0x3C, 0, 0x7C]).write(to: URL(filePath: path))
            let file = try SafeTensors(path: path)
            #expect(try file.row(0, of: "a") == [1])
            #expect(throws: SteeringError.self) { try file.row(1, of: "a") }
        }
    }

    @Test func `what is no regular file is unreadable`() async throws {
        try await withTemporaryDirectory { directory in
            for path in [directory, directory + "/missing", "/dev/null"] {
                let error = #expect(throws: SteeringError.self) { try SafeTensors(path: path) }
                #expect(error?.code == .unreadable)
                #expect(error?.message.contains(path) == true)
            }
        }
    }
}
