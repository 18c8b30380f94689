namespace Actors.Isolation.Wire;

/// <summary>What a frame requests or reports. The values are part of the protocol; docs/isolation.md lists them with their bodies.</summary>
internal enum Verb : byte
{
    /// <summary>In replies, errors and cancellations.</summary>
    None = 0,

    // The daemon to the child.
    Load = 1,
    Reach = 2,
    Release = 3,
    Dispose = 4,
    Probe = 5,
    Confine = 6,
    Compile = 7,
    Configure = 8,
    DomainAppeared = 9,
    DomainDisappeared = 10,
    LoadScript = 11,
    BeginRun = 12,
    ContinueRun = 13,
    TestCondition = 14,
    EndRun = 15,
    UnloadScript = 16,
    EndDomain = 17,

    // The child to the daemon, about a process.
    Hello = 32,
    Fault = 33,
    Metrics = 34,

    // The child to the daemon, on behalf of a call.
    Inspect = 64,
    InspectHost = 65,
    Read = 66,
    Write = 67,
    Remove = 68,
    List = 69,
    Report = 70,
    Log = 71,
    RequestHostMemory = 72,
    Watch = 73,
    EndWatch = 74,
    SetMaxMem = 80,
    StartPager = 81,
    StopPager = 82,
    InspectSharing = 83,
    Share = 84,
    Unshare = 85,
    InspectTmem = 86,
    FreezeTmem = 87,
    ThawTmem = 88,
    CapTmem = 89,
    WeighTmem = 90,
    FlushTmem = 91,
    InspectHinting = 92,
    LimitHinting = 93,
    ReturnHinting = 94,
}
