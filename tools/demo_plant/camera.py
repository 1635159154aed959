"""The stream of a camera: the RTSP server of GStreamer behind digest authentication."""
import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("10.20.0.61")
server.set_service("554")

auth = GstRtspServer.RTSPAuth()
auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
auth.set_realm("IP Camera(DEMO1)")
viewer = GstRtspServer.RTSPToken()
viewer.set_string("media.factory.role", "viewer")
auth.add_digest("viewer", "demo-only", viewer)
server.set_auth(auth)

stream = GstRtspServer.RTSPMediaFactory()
stream.set_launch("( videotestsrc is-live=1 ! video/x-raw,format=I420,width=48,height=32,framerate=1/1 ! jpegenc quality=20 ! rtpjpegpay name=pay0 )")
permissions = GstRtspServer.RTSPPermissions()
permissions.add_role("viewer")
permissions.add_permission_for_role("viewer", "media.factory.access", True)
permissions.add_permission_for_role("viewer", "media.factory.construct", True)
stream.set_permissions(permissions)
server.get_mount_points().add_factory("/Streaming/Channels/101", stream)
server.attach(None)
GLib.MainLoop().run()
