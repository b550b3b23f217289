# SPDX-License-Identifier: Apache-2.0
"""clfilter through ctypes, as much of it as the sweep needs: contexts, plans from problem lines, tensors."""
import ctypes
import os

import numpy

MOST_AXES = 8
DTYPES = (numpy.float32, numpy.float64, numpy.float16, numpy.uint8, numpy.uint16, numpy.int16, numpy.int32,
          numpy.int64)


class View(ctypes.Structure):
    """clf_view; clf_array is laid out alike, but for the offset."""
    _fields_ = [("buffer", ctypes.c_void_p), ("offset", ctypes.c_int64), ("dtype", ctypes.c_int),
                ("rank", ctypes.c_int), ("shape", ctypes.c_int64 * MOST_AXES), ("strides", ctypes.c_int64 * MOST_AXES)]


class Array(ctypes.Structure):
    """clf_array"""
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int), ("rank", ctypes.c_int),
                ("shape", ctypes.c_int64 * MOST_AXES), ("strides", ctypes.c_int64 * MOST_AXES)]


class Options(ctypes.Structure):
    """clf_plan_options"""
    _fields_ = [("solver", ctypes.c_char_p), ("effort", ctypes.c_int), ("stream_bytes", ctypes.c_size_t)]


class ExecuteDesc(ctypes.Structure):
    """clf_execute_desc"""
    _fields_ = [("buffers", ctypes.POINTER(ctypes.c_void_p)), ("buffer_count", ctypes.c_size_t),
                ("wait_list", ctypes.c_void_p), ("wait_count", ctypes.c_uint)]


class OperandInfo(ctypes.Structure):
    """clf_plan_operand_info"""
    _fields_ = [("name", ctypes.c_char_p), ("view", View), ("output", ctypes.c_bool)]


class Cost(ctypes.Structure):
    """clf_plan_cost"""
    _fields_ = [("bytes", ctypes.c_double), ("flops", ctypes.c_double), ("scratch_bytes", ctypes.c_size_t)]


class DeviceInfo(ctypes.Structure):
    """The beginning of clf_device_info."""
    _fields_ = [("platform", ctypes.c_char * 128), ("name", ctypes.c_char * 128)]


class Error(ctypes.Structure):
    """clf_error"""
    _fields_ = [("code", ctypes.c_int), ("cl_code", ctypes.c_int), ("message", ctypes.c_char * 512)]


class ClfilterError(RuntimeError):
    """A call that failed, with the library's sentence."""


HANDLE, ERROR, SIZE = ctypes.c_void_p, ctypes.POINTER(Error), ctypes.c_size_t
VIEW, ARRAY = ctypes.POINTER(View), ctypes.POINTER(Array)
# Functions by what they return; those of a status come last and take an error at the end.
FUNCTIONS = {
    "clf_plan_describe": (ctypes.c_char_p, HANDLE), "clf_plan_problem": (ctypes.c_char_p, HANDLE),
    "clf_plan_solver": (ctypes.c_char_p, HANDLE, SIZE), "clf_plan_operand_count": (SIZE, HANDLE),
    "clf_plan_get_cost": (Cost, HANDLE), "clf_plan_destroy": (None, HANDLE), "clf_tensor_release": (None, VIEW),
    "clf_context_device": (ctypes.POINTER(DeviceInfo), HANDLE), "clf_context_destroy": (None, HANDLE),
    "clf_version": (ctypes.c_char_p,),
    "clf_context_create": (ctypes.c_int, HANDLE, ctypes.POINTER(HANDLE), ERROR),
    "clf_context_finish": (ctypes.c_int, HANDLE, ERROR),
    "clf_plan_operand": (ctypes.c_int, HANDLE, SIZE, ctypes.POINTER(OperandInfo), ERROR),
    "clf_plan_from_line": (ctypes.c_int, HANDLE, ctypes.c_char_p, ctypes.POINTER(Options), ctypes.POINTER(HANDLE),
                           ERROR),
    "clf_execute": (ctypes.c_int, HANDLE, ctypes.POINTER(ExecuteDesc), HANDLE, ERROR),
    "clf_tensor_create": (ctypes.c_int, HANDLE, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_int64), VIEW,
                          ERROR),
    "clf_upload": (ctypes.c_int, HANDLE, ARRAY, VIEW, ERROR),
    "clf_download": (ctypes.c_int, HANDLE, VIEW, ARRAY, ERROR)}


class Library:
    """The loaded library. `call` runs a function whose status and sentence become an exception."""

    def __init__(self, path):
        self.functions = ctypes.CDLL(os.path.abspath(path))
        self.error = Error()
        for name, (result, *arguments) in FUNCTIONS.items():
            function = getattr(self.functions, name)
            function.restype, function.argtypes = result, arguments

    def call(self, name, *arguments):
        if getattr(self.functions, name)(*arguments, ctypes.byref(self.error)):
            raise ClfilterError(self.error.message.decode())


def array_of(values):
    """A NumPy array as clf_array describes it; it owns nothing."""
    array = Array(values.ctypes.data, DTYPES.index(values.dtype.type), values.ndim)
    array.shape[:values.ndim] = values.shape
    array.strides[:values.ndim] = [stride // values.itemsize for stride in values.strides]
    return array


class Context:
    """A context on the device that CLF_DEVICE names."""

    def __init__(self, library):
        self.library, self.handle = library, HANDLE()
        library.call("clf_context_create", None, ctypes.byref(self.handle))

    def device(self):
        return self.library.functions.clf_context_device(self.handle).contents.name.decode()

    def finish(self):
        self.library.call("clf_context_finish", self.handle)

    def tensor(self, dtype, count):
        """Device memory for `count` elements, as a flat view."""
        view = View()
        self.library.call("clf_tensor_create", self.handle, dtype, 1, (ctypes.c_int64 * 1)(count), ctypes.byref(view))
        return view

    def upload(self, values, view):
        self.library.call("clf_upload", self.handle, ctypes.byref(array_of(values)), ctypes.byref(view))

    def download(self, view, values):
        self.library.call("clf_download", self.handle, ctypes.byref(view), ctypes.byref(array_of(values)))

    def release(self, view):
        self.library.functions.clf_tensor_release(ctypes.byref(view))
