# The libraries of Fourier transforms: clFFT, and VkFFT (a header) where it is found.
option(CLF_CLFFT "Transform with clFFT" ON)
option(CLF_VKFFT "Transform with VkFFT where its header is found" ON)

# Which of them there are, for whoever has a row for each (src/fft/providers.h, the tests' lists of solvers): link to
# clf_transforms. CLF_TRANSFORMS: there is one.
add_library(clf_transforms INTERFACE)
target_link_libraries(clf_objects PRIVATE clf_transforms)

if(CLF_CLFFT)
  find_path(CLF_CLFFT_INCLUDE_DIR clFFT.h)
  find_library(CLF_CLFFT_LIBRARY clFFT)
  if(NOT CLF_CLFFT_INCLUDE_DIR OR NOT CLF_CLFFT_LIBRARY)
    message(FATAL_ERROR "clFFT not found: install it (Debian and Ubuntu: libclfft-dev) or set CLF_CLFFT=OFF")
  endif()
  target_sources(clf_objects PRIVATE src/fft/fft_clfft.c)
  target_compile_definitions(clf_transforms INTERFACE CLF_HAS_CLFFT)
  set(CLF_TRANSFORMS ON)
  set_source_files_properties(src/fft/fft_clfft.c PROPERTIES INCLUDE_DIRECTORIES ${CLF_CLFFT_INCLUDE_DIR})
  # By name, so that an installed static library finds it wherever it lies.
  set(CLF_FFT_LIBRARIES clFFT)
  set(CLF_FFT_LINK "-lclFFT ") # for pkg-config
endif()

find_path(CLF_VKFFT_INCLUDE_DIR vkFFT.h)
if(CLF_VKFFT AND CLF_VKFFT_INCLUDE_DIR)
  target_sources(clf_objects PRIVATE src/fft/fft_vkfft.c)
  target_compile_definitions(clf_transforms INTERFACE CLF_HAS_VKFFT)
  set(CLF_TRANSFORMS ON)
  # 40,000 lines in one header, written for other warnings than ours.
  set_source_files_properties(src/fft/fft_vkfft.c PROPERTIES INCLUDE_DIRECTORIES ${CLF_VKFFT_INCLUDE_DIR}
    COMPILE_DEFINITIONS VKFFT_BACKEND=3 COMPILE_OPTIONS "-w;-O1")
endif()
