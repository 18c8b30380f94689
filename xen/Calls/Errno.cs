namespace Actors.Xen.Calls;

/// <summary>The Linux error numbers that this project handles. libxencall translates Xen's error numbers into them.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int NoSuchDomain = 3;
    public const int OutOfMemory = 12;
    public const int NoAccess = 13;
    public const int Invalid = 22;
    public const int NoSpace = 28;
    public const int NotImplemented = 38;
    public const int NotSupported = 95;
}
