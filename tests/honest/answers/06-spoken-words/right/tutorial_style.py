# case: tutorial_style
# style: the TensorFlow audio tutorial: Reshape, Normalization with given mean and variance, Conv2D, dropout; tf.math.confusion_matrix

# %% build_model
import tensorflow as tf
from tensorflow.keras import layers, models


def build_model(frames, mel_bins, n_words):
    input_shape = (frames, mel_bins)
    norm_layer = layers.Normalization(axis=None, mean=0.0, variance=1.2)
    model = models.Sequential([
        layers.Input(shape=input_shape),
        layers.Reshape((frames, mel_bins, 1)),
        norm_layer,
        layers.Conv2D(16, 3, padding='same', activation='relu'),
        layers.MaxPooling2D(padding='same'),
        layers.Conv2D(32, 3, padding='same', activation='relu'),
        layers.MaxPooling2D(padding='same'),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(64, activation='relu'),
        layers.Dropout(0.25),
        layers.Dense(n_words, activation='softmax'),
    ])
    return model


# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=['accuracy'],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    EPOCHS = epochs
    history = model.fit(
        x,
        y,
        epochs=EPOCHS,
        batch_size=16,
        verbose=0,
    )
    return history


# %% most_confused
def most_confused(model, x, y):
    y_pred = model.predict(x, verbose=0)
    n = y_pred.shape[1]
    y_pred = tf.argmax(y_pred, axis=1)
    confusion_mtx = tf.math.confusion_matrix(y, y_pred, num_classes=n)
    off_diagonal = tf.linalg.set_diag(confusion_mtx, tf.zeros(n, dtype=confusion_mtx.dtype))
    if tf.reduce_max(off_diagonal) == 0:
        return None
    flat = int(np.argmax(off_diagonal.numpy()))
    return flat // n, flat % n

