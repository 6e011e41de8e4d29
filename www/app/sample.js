// @ts-check
// The sample of the vendor's guide (chat guide): a signature, and the data it is shown with.

export const sample = {
  userSig: [
    'eJxUkEtvm0AQx7-Lnut0WWArkHJw1qm82Os07rI8bhDWYcwjxJiXqn73CuMeMtLv8h-NTzPzB8n97wc9NnDRyDUpxt9u',
    'CWS6vsIJ9AW5SDLGVs*hPK5XPt*szN36k*bhr9V4L7TMtFmRNA1kyDUsjAm1iGHdO-COXDQ2PtDWUd-H3Vs9mJwOqt7k',
    '9md8wF68SQbzXbDJd9onyh-vyitUGrkGJRT-sB3iLGnX6kvanZCL9OQNcaAmnzjGW3Uo*fkD7JgJO4KUcnLiMEBalecE',
    '23ka*PAC*7LfbYqOF7BnnpEEr-ACnqW3*QLjLa*UlW29PDSfPlJil7JW16hS0*wWUlgLfBRSzI5Sb49TpBzvyDjl52gU',
    '0jdmDvJ5FCqPgi-On0YcHnASON3R9PosXM87VdCERW9jOL0*-j*9v72ePGD0918AAAD--2wfhLY_',
  ].join(''),
  clientData:
    '{"peerSource":"XX商城","nickName":"张三","uid":"zhangsan","extra_phoneNumber":"15813812110","extra_ID":"611551555111XXX","extra_questionGroup":"投诉"}',
}
